import { useBackend } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';
import { assertConforms, iterationLaws, networkLaws } from '@unrolled/testkit';
import { describe, expect, test } from 'vitest';
import * as package_ from '../src/index.ts';
import { makeWorld } from './world.ts';

await useBackend('wasm');

const { analyticLista, coupledLista, lista, recurrentIsta, stepLista } = package_;
const small = () => makeWorld({ features: 6, atoms: 8, examples: 2 }).problem;
const supportSelection = { perLayer: 0.1, most: 0.3 };

const networks: { readonly [name: string]: readonly (() => Promise<Network>)[] } = {
  lista: [() => lista(small(), { layers: 3 }), () => lista(small(), { layers: 3, share: 'each' })],
  coupledLista: [
    () => coupledLista(small(), { layers: 3 }),
    () => coupledLista(small(), { layers: 3, supportSelection }),
  ],
  analyticLista: [() => analyticLista(small(), { layers: 3 })],
  stepLista: [() => stepLista(small(), { layers: 3 })],
};

describe.each(Object.entries(networks))('%s', (_, list) => {
  test.each(list.map((make, index) => ({ index, make })))(
    'obeys the laws of networks ($index)',
    async ({ make }) => {
      await assertConforms(networkLaws, async () => ({ network: await make(), signalShape: [2, 6] }));
    },
  );
});

test('recurrentIsta obeys the laws of iterations', async () => {
  await assertConforms(iterationLaws, () => ({
    iteration: recurrentIsta(small()),
    signalShape: [2, 6],
    steps: 1500,
  }));
});

test('every export is examined', () => {
  // The last two have tests of their own.
  const names = [...Object.keys(networks), 'recurrentIsta', 'analyticWeights', 'supportSelecting'];
  expect(names.sort()).toEqual(Object.keys(package_).sort());
});
