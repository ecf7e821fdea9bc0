import * as tf from '@tensorflow/tfjs-core';
import { assertConforms, networkLaws } from '@unrolled/testkit';
import { test } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import { type CrsaeOptions, crsae } from '../src/index.ts';
import { normals } from './tensors.ts';
import { makeWorld, networkOf } from './world.ts';

watchTensors();

/** What else the package exports is no network, operator, prior, likelihood or iteration. */
const networks: {
  readonly name: string;
  readonly channels?: number;
  readonly options: Partial<CrsaeOptions>;
}[] = [
  { name: 'one-sided', options: {} },
  { name: 'two-sided, two electrodes', channels: 2, options: { nonNegative: false, weight: [0.1, 0.2] } },
  { name: 'stride 2', options: { stride: 2 } },
];

test.each(networks)('crsae, $name, obeys the laws of networks', async ({ channels = 1, options }) => {
  const world = makeWorld({ seed: 2, examples: 2, time: 23, length: 5, atoms: 2, channels });
  await assertConforms(networkLaws, async () => ({
    network: await networkOf(world, { weight: 0.1, layers: 4, ...options }),
    signalShape: [2, 23, channels],
  }));
});

const imageNetworks: { readonly name: string; readonly options: Partial<CrsaeOptions> }[] = [
  { name: 'tied, one-sided', options: {} },
  {
    name: 'untied, two-sided, of free norms and a fixed step, stride 3',
    options: { weights: 'untied', nonNegative: false, norms: 'free', step: 0.05, stride: 3 },
  },
];

test.each(imageNetworks)('crsae of images, $name, obeys the laws of networks', async ({ options }) => {
  await assertConforms(networkLaws, async () => {
    const filters = tf.tensor4d(normals(2, 4, 4, 1, 3), [4, 4, 1, 3]);
    const network = await crsae({ weight: 0.1, layers: 3, ...options, filters });
    filters.dispose();
    return { network, signalShape: [2, 10, 13, 1] };
  });
});
