import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { dictionaryError } from '@unrolled/metrics';
import { l1 } from '@unrolled/prox';
import { beforeAll, describe, expect, it } from 'vitest';
import { learnDictionary, mairalForgetting, online, projectedGradient } from '../src/index.ts';
import { planted } from './planted.ts';

beforeAll(() => useBackend('wasm'));

const { data, truth } = planted({ examples: 600, features: 10, atoms: 12, sparsity: 2 });
const options = { atoms: 12, weight: 0.1, batchSize: 60, seed: 1, codes: { tolerance: 1e-3 } };

/** Atoms within err = √(1 − cos²) of 0.1, which is six degrees. */
const found = (atoms: { data: Float32Array; shape: readonly number[] }): number =>
  dictionaryError(truth, atoms).errors.filter((error) => error < 0.1).length;

function norms({ data, shape }: { data: Float32Array; shape: readonly number[] }): number[] {
  const [features, count] = shape as [number, number];
  return Array.from({ length: count }, (_, atom) => {
    let squares = 0;
    for (let feature = 0; feature < features; feature++) squares += data[feature * count + atom]! ** 2;
    return Math.sqrt(squares);
  });
}

describe('a planted dictionary of 12 atoms in 10 dimensions, two to an example', () => {
  it('is found online, whole, where the memory of the paper has not begun to find it', async () => {
    const { atoms, objectives } = await learnDictionary(data, { ...options, epochs: 9 });
    expect(found(atoms)).toBe(12);
    for (const norm of norms(atoms)) expect(norm).toBeLessThanOrEqual(1 + 1e-6);
    const update = online({ forgetting: mairalForgetting });
    const paper = await learnDictionary(data, { ...options, epochs: 9, update });
    // 0.35 against 0.41; what is left at best is the price of the codes, 0.1 · |x|₁ of two atoms an example.
    expect(objectives.at(-1)).toBeLessThan(0.9 * paper.objectives.at(-1)!);
  });

  it('is found by projected gradient, on the sphere', async () => {
    const update = projectedGradient({ rate: (step) => 4 / (1 + step / 60) });
    const { atoms } = await learnDictionary(data, { ...options, epochs: 12, update, constraint: 'sphere' });
    expect(found(atoms)).toBeGreaterThanOrEqual(11);
    for (const norm of norms(atoms)) expect(norm).toBeCloseTo(1, 6);
  });
});

describe('what codes are', () => {
  it('is up to any prior: a weight is the ℓ1 prior, another one gives others', async () => {
    const short = { ...options, epochs: 1 };
    const prior = l1(0.1);
    const oneSided = l1(0.1, { nonNegative: true });
    const { weight: _, ...rest } = short;
    const [byWeight, byPrior, positive] = [
      await learnDictionary(data, short),
      await learnDictionary(data, { ...rest, prior }),
      await learnDictionary(data, { ...rest, prior: oneSided }),
    ];
    expect(byPrior).toEqual(byWeight);
    expect(positive.atoms).not.toEqual(byWeight.atoms);
    tf.dispose([prior.parameters.weight, oneSided.parameters.weight]);
  });
});
