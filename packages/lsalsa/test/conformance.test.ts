import { useBackend } from '@unrolled/backend';
import { assertConforms, networkLaws } from '@unrolled/testkit';
import { test } from 'vitest';
import { lsalsa } from '../src/index.ts';
import { drawAtoms } from './world.ts';

await useBackend('wasm');

/** What else the package exports is no network, operator, prior, likelihood or iteration. */
test.each([1, 2])('lsalsa of %i sources obeys the laws of networks', async (count) => {
  await assertConforms(networkLaws, async () => ({
    network: await lsalsa({
      sources: Array.from({ length: count }, (_, index) => ({
        atoms: drawAtoms(6, 4, 3 + index),
        weight: 0.1,
      })),
      penalty: 2,
      layers: 3,
    }),
    signalShape: [2, 6],
  }));
});
