import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { encodeSafetensors, type NdArray, ndArray, parseSafetensors } from '@unrolled/formats';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { ista } from '@unrolled/solvers';
import { saveNetwork, unroll } from '@unrolled/unroll';
import { describe, expect, test } from 'vitest';
import { loadLsalsa, saveLsalsa } from '../src/index.ts';
import { lsalsa } from '../src/lsalsa.ts';
import { drawSignals, drawSources } from './world.ts';

await useBackend('wasm');

const makeFile = async (count: 1 | 2 | 3) => {
  const sources = drawSources(count);
  const network = await lsalsa({ sources, penalty: 3, layers: 4 });
  // As if it had been trained: not what the atoms would give.
  tf.tidy(() => {
    for (const name of ['analysis', 'splitting'])
      network.variables[name]!.assign(tf.mul(network.variables[name]!, 1.01));
  });
  return { sources, network, file: await saveLsalsa(network, { trainedOn: 'noise' }) };
};

test('so does what it reads out', async () => {
  const sources = drawSources(1);
  const network = await lsalsa({ sources, penalty: 3, layers: 2, code: 'u' });
  const loaded = await loadLsalsa(await saveLsalsa(network));
  expect(loaded.code).toBe('u');
  const y = tf.tensor2d((await drawSignals(sources, 4)).data, [4, 12]);
  const code = await loaded.encode(y).data();
  expect(code).toEqual(await network.encode(y).data());
  expect(code.some((value) => value === 0)).toBe(true);
});

test.each([1, 2, 3] as const)('of %i sources, a network comes back bit for bit', async (count) => {
  const { sources, network, file } = await makeFile(count);
  const before = tf.memory().numTensors;
  const loaded = await loadLsalsa(file);
  expect(tf.memory().numTensors - before).toBe(Object.keys(network.variables).length);
  const y = tf.tensor2d((await drawSignals(sources, 4)).data, [4, 12]);
  expect(await loaded.encode(y).data()).toEqual(await network.encode(y).data());
  expect(Object.keys(loaded.variables).sort()).toEqual(Object.keys(network.variables).sort());
  expect(loaded.layers).toBe(4);
  expect(loaded.trainable).toHaveLength(2);
  expect(parseSafetensors(file).metadata).toMatchObject({ model: 'lsalsa', trainedOn: 'noise' });
  const deeper = await loadLsalsa(file, { layers: 9 });
  expect(deeper.layers).toBe(9);
  loaded.dispose();
  deeper.dispose();
});

describe('refuses a file', async () => {
  const { file } = await makeFile(2);
  const { tensors, metadata } = parseSafetensors(file);
  const without = (name: string): Uint8Array => {
    const { [name]: _, ...others } = tensors;
    return encodeSafetensors(others, metadata);
  };
  const changed = (name: string, array: NdArray): Uint8Array =>
    encodeSafetensors({ ...tensors, [name]: array }, metadata);
  const zeros = (...shape: number[]) => ndArray(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
  const ofIsta = async () => {
    const problem = { operator: dense(tf.ones([3, 2])), prior: l1(1), likelihood: gaussian() };
    return saveNetwork(await unroll(ista(problem), { layers: 2 }), { model: 'ista', layers: '2' });
  };
  const cases: [string, () => Uint8Array | Promise<Uint8Array>, string][] = [
    ['of another kind', ofIsta, 'model: expected a model of the kind "lsalsa", got ista'],
    ['that says nothing of its kind', () => encodeSafetensors(tensors), 'got none'],
    ['that was cut short', () => file.subarray(0, file.length - 20), ''],
    ['of which a little is left', () => file.subarray(0, 6), ''],
    ['that is empty', () => new Uint8Array(), ''],
    ['without S', () => without('splitting'), 'splitting is missing'],
    ['without a dictionary', () => without('operator.0.atoms'), 'is missing'],
    ['without a weight', () => without('prior.1.weight'), 'prior.1.weight is missing'],
    [
      'with an S of another size',
      () => changed('splitting', zeros(3, 3)),
      'splitting: expected shape [17, 17]',
    ],
    ['with a penalty of 0', () => changed('penalty', zeros()), 'penalty: expected a number > 0'],
    [
      'with a negative weight',
      () => changed('prior.0.weight', ndArray(Float32Array.of(-1), [])),
      'sources[0].weight',
    ],
    [
      'with a NaN',
      () => changed('penalty', ndArray(Float32Array.of(Number.NaN), [])),
      'penalty: expected finite numbers',
    ],
    [
      'with atoms on one axis',
      () => changed('operator.1.atoms', zeros(4)),
      'operator.1.atoms: expected 2 axes',
    ],
    ['with another code', () => encodeSafetensors(tensors, { ...metadata, code: 'z' }), 'code'],
    ['without layers', () => encodeSafetensors(tensors, { model: 'lsalsa' }), 'layers'],
  ];
  test.each(cases)('%s, and leaves nothing behind', async (_, make, message) => {
    const bytes = await make();
    const before = tf.memory().numTensors;
    await expect(loadLsalsa(bytes)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining(message),
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
