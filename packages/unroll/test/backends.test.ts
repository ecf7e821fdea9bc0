import { useBackend } from '@unrolled/backend';
import { expect, test } from 'vitest';
import { backendsHere } from '../../backend/test/support/backends.ts';
import { denseInstance, deviceGradients, relative } from './dense-autoencoder.ts';
import { referenceAutoencoder } from './reference/fista.ts';

const layers = 10;

for (const name of await backendsHere()) {
  test(`${name} has the gradients of the float64 recursion`, async () => {
    await useBackend(name);
    const { y, matrix, ...rest } = denseInstance();
    for (const gradient of ['full', { last: 3 }, { checkpoint: 4 }] as const) {
      const tracked = typeof gradient === 'object' && 'last' in gradient ? gradient.last : layers;
      const options = { ...rest, layers, tracked, momentum: true };
      const expected = referenceAutoencoder(y, matrix, rest.atoms, options);
      const found = await deviceGradients(layers, gradient, true);
      // Ten layers of float32 against float64; no pre-activation of this instance is near its threshold.
      expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(1e-5);
      expect(relative(found.operator, expected.operator)).toBeLessThan(1e-5);
      expect(Math.abs(found.weight / expected.weight - 1)).toBeLessThan(1e-5);
    }
  });
}
