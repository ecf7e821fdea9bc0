import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { describe, expect, test } from 'vitest';
import { lsalsa, sourceProblem, trainLsalsa } from '../src/index.ts';
import { drawAtoms, drawSignals, drawSources } from './world.ts';

await useBackend('wasm');

const sources = drawSources(2);
const options = { sources, penalty: 2, layers: 2 };
const withFirst = (source: object) => ({ ...options, sources: [source, sources[1]!] as never });
const zeroAtom = tf.tidy(() => tf.mul(drawAtoms(12, 4, 1), tf.tensor1d([1, 1, 0, 1])));
const notANumber = tf.tidy(() => tf.mul(drawAtoms(12, 4, 1), Number.NaN));

describe('lsalsa refuses', () => {
  test.each([
    ['no sources', { ...options, sources: [] }, 'sources: expected one or more { atoms, weight }'],
    [
      'a zero atom',
      withFirst({ atoms: zeroAtom, weight: 1 }),
      'sources[0].atoms: expected atoms that are not zero',
    ],
    [
      'atoms that are no numbers',
      withFirst({ atoms: notANumber, weight: 1 }),
      'sources[0].atoms: expected finite numbers',
    ],
    ['atoms of one axis', withFirst({ atoms: tf.ones([3]), weight: 1 }), 'sources[0].atoms: expected'],
    [
      'atoms of other features',
      { ...options, sources: [sources[0]!, { atoms: tf.ones([3, 2]), weight: 1 }] },
      'sources[1].atoms',
    ],
    [
      'a weight of 0',
      withFirst({ ...sources[0], weight: 0 }),
      'sources[0].weight: expected a number > 0, got 0',
    ],
    [
      'a negative weight',
      withFirst({ ...sources[0], weight: -1 }),
      'sources[0].weight: expected a number > 0, got -1',
    ],
    ['an unknown option of a source', withFirst({ ...sources[0], alpha: 1 }), 'unknown option "alpha"'],
    ['a penalty of 0', { ...options, penalty: 0 }, 'penalty: expected a number > 0, got 0'],
    ['a penalty that is no number', { ...options, penalty: Number.NaN }, 'penalty: expected a finite number'],
    ['no layers', { ...options, layers: 0 }, 'layers'],
    ['half a layer', { ...options, layers: 1.5 }, 'layers'],
    [
      'another part',
      { ...options, train: ['prior.weight'] as never },
      'train: expected one of analysis, splitting',
    ],
    ['another code', { ...options, code: 'd' as never }, 'code: expected one of x, u'],
    ['an unknown option', { ...options, mu: 1 }, 'unknown option "mu"'],
  ])('%s, and leaves nothing behind', async (_, wrong, message) => {
    const before = tf.memory().numTensors;
    await expect(lsalsa(wrong)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('trainLsalsa refuses what cannot be, before any work', async () => {
  const network = await lsalsa(options);
  const signals = await drawSignals(sources, 4);
  const targets = { data: new Float32Array(3 * 17), shape: [3, 17] };
  const cases: [object, string][] = [
    [{ epochs: 0 }, 'epochs'],
    [{ epochs: 1, rate: 0 }, 'rate: expected a number > 0, got 0'],
    [{ epochs: 1, rateDecay: -1 }, 'rateDecay: expected a number > 0'],
    [{ epochs: 1, tolerance: Number.NaN }, 'tolerance: expected a finite number'],
    [{ epochs: 1, stages: [] }, 'unknown option "stages"'],
    [{ epochs: 1, targets }, 'target: expected as many targets as inputs'],
    [{ epochs: 1, rate: 1, optimizer: {} }, 'optimizer: expected an optimizer, or rate and rateDecay'],
  ];
  for (const [wrong, message] of cases) {
    const run = async () => {
      for await (const _ of trainLsalsa(network, signals, wrong as never)) expect.fail('it began');
    };
    await expect(run()).rejects.toThrow(message);
  }
  await expect(async () => trainLsalsa(network, undefined as never, { epochs: 1 })).rejects.toThrow(
    'examples',
  );
  network.dispose();
});

test('sourceProblem of one source is a lasso, of more what the paper calls MCA', () => {
  expect(Object.keys(sourceProblem(drawSources(1)).prior.parameters)).toEqual(['weight']);
  expect(Object.keys(sourceProblem(drawSources(3)).operator.parameters)).toEqual([
    '0.atoms',
    '1.atoms',
    '2.atoms',
  ]);
});
