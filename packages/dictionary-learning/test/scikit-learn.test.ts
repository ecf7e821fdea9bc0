import { readFileSync } from 'node:fs';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DictionaryLearningOptions, learnDictionary, mairalForgetting, online } from '../src/index.ts';

/** What scikit-learn learned: `reference/scikit_learn.py` makes it. */
const reference = JSON.parse(
  readFileSync(new URL('reference/scikit-learn.json', import.meta.url), 'utf8'),
) as {
  readonly [key in 'data' | 'initial' | 'online' | 'alternating' | 'errors' | 'shape']: number[];
} & { readonly weight: number; readonly batchSize: number; readonly epochs: number };

beforeAll(() => useBackend('cpu'));

describe('the dictionary of scikit-learn, number by number', () => {
  const [, features] = reference.shape as [number, number];
  const atoms = reference.initial.length / features;
  const same: DictionaryLearningOptions = {
    atoms,
    weight: reference.weight,
    initial: { data: Float64Array.from(reference.initial), shape: [features, atoms] },
    epochs: reference.epochs,
    shuffle: false,
    codes: { tolerance: 1e-6, iterations: 3000 },
  };
  const data = { data: Float64Array.from(reference.data), shape: reference.shape };
  const farthest = (found: ArrayLike<number>, expected: readonly number[]): number =>
    expected.reduce((most, value, index) => Math.max(most, Math.abs(value - found[index]!)), 0);

  it('online: MiniBatchDictionaryLearning', async () => {
    const { atoms: learned } = await learnDictionary(data, {
      ...same,
      batchSize: reference.batchSize,
      update: online({ forgetting: mairalForgetting }),
    });
    // Codes of float32, 1e-6 from the exact ones of LARS, enter forty updates of atoms of norm 1.
    expect(farthest(learned.data, reference.online)).toBeLessThan(2e-5);
    // The atoms have moved: to agree is not to stand still.
    expect(farthest(reference.initial, reference.online)).toBeGreaterThan(0.5);
  });

  it('all examples in one batch and nothing remembered: DictionaryLearning', async () => {
    const { atoms: learned, objectives } = await learnDictionary(data, {
      ...same,
      batchSize: reference.shape[0]!,
      update: online({ forgetting: () => 0 }),
    });
    expect(farthest(learned.data, reference.alternating)).toBeLessThan(2e-5);
    // Ours is the objective before the update of the atoms, a mean; theirs the one after it, a sum, with the same codes.
    objectives.slice(1).forEach((objective, epoch) => {
      expect(objective).toBeLessThan(reference.errors[epoch]! / reference.shape[0]!);
    });
  });
});
