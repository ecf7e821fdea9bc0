import { assertConforms, networkLaws } from '@unrolled/testkit';
import { test } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import type { KdsOptions } from '../src/index.ts';
import { networkOf, normals } from './tensors.ts';

watchTensors();

/** What else the package exports is no network, operator, prior, likelihood or iteration. */
const networks: {
  readonly name: string;
  readonly features: number;
  readonly options: Partial<KdsOptions>;
}[] = [
  { name: 'accelerated, through the signal', features: 2, options: {} },
  { name: 'basic, through the Gram matrix', features: 4, options: { encoder: 'basic', trainStep: true } },
];

test.each(networks)('kds, $name, obeys the laws of networks', async ({ features, options }) => {
  await assertConforms(networkLaws, async () => ({
    network: await networkOf(normals(1, features, 5), { weight: 0.2, layers: 4, ...options }),
    signalShape: [3, features],
  }));
});
