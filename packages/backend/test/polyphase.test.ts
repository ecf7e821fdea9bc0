import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { analysis1d, filterGradient1d, synthesis1d, useBackend } from '../src/index.ts';
import { foldedFilterGradient } from '../src/kernels/wasm/filter-gradient.ts';
import { chooseFolding, foldingBy } from '../src/kernels/wasm/folding.ts';
import { polyphaseAnalysis, polyphaseSynthesis } from '../src/kernels/wasm/polyphase.ts';
import * as reference from './reference/trilinear.ts';
import { draw, expectClose, normal } from './support/tensors.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

describe('every folding gives the same', () => {
  for (const sizes of [
    { batch: 3, time: 41, length: 6, channels: 1, atoms: 3, stride: 1 },
    { batch: 2, time: 53, length: 7, channels: 3, atoms: 2, stride: 3 },
    { batch: 2, time: 30, length: 2, channels: 2, atoms: 5, stride: 4 },
  ]) {
    for (const fold of [1, 2, 3, 5, 8, 16]) {
      it(`P = ${fold}, stride ${sizes.stride}`, async () => {
        const { batch, time, length, channels, atoms, stride } = sizes;
        const positions = reference.positionsOf(sizes);
        const all = { ...sizes, positions };
        const covered = { ...all, time: (positions - 1) * stride + length };
        const [signal, bank, code] = [
          draw(1, batch * time * channels),
          draw(2, length * channels * atoms),
          draw(3, batch * positions * atoms),
        ];
        const y = tf.tensor3d(signal, [batch, time, channels]);
        const h = tf.tensor3d(bank, [length, channels, atoms]);
        const x = tf.tensor3d(code, [batch, positions, atoms]);
        const folding = foldingBy(fold, all);
        const results = tf.tidy(() => [
          polyphaseAnalysis(y, h, all, folding),
          polyphaseSynthesis(x, h, covered, folding),
          foldedFilterGradient(y, x, all, folding),
        ]);
        await expectClose(results[0]!, reference.analysis(signal, bank, sizes));
        await expectClose(results[1]!, reference.synthesis(code, bank, covered));
        await expectClose(results[2]!, reference.filterGradient(signal, code, sizes));
        tf.dispose([y, h, x]);
      });
    }
  }
});

it('gives an example the same bits alone and in a batch, whatever its length', async () => {
  for (const [time, length, channels, atoms, stride] of [
    [97, 18, 1, 3, 1],
    [131, 11, 4, 5, 3],
    [64, 9, 2, 9, 2],
  ] as const) {
    const h = normal(4, [length, channels, atoms]);
    const y = normal(5, [32, time, channels]);
    const together = analysis1d(y, h, stride);
    const back = synthesis1d(together, h, stride);
    const [codes, signals] = [await together.data(), await back.data()];
    for (const example of [0, 1, 13, 31]) {
      const alone = tf.slice(y, [example, 0, 0], [1, time, channels]);
      const code = analysis1d(alone, h, stride);
      const signal = synthesis1d(code, h, stride);
      expect(await code.data()).toEqual(codes.slice(example * code.size, (example + 1) * code.size));
      expect(await signal.data()).toEqual(signals.slice(example * signal.size, (example + 1) * signal.size));
      tf.dispose([alone, code, signal]);
    }
    tf.dispose([h, y, together, back]);
  }
});

it('chooses by the filters alone: neither batch nor length counts', () => {
  const filters = { length: 18, channels: 1, atoms: 3, stride: 1 };
  for (const what of ['analysis', 'synthesis', 'filterGradient'] as const) {
    const short = chooseFolding(what, { ...filters, batch: 1, time: 40, positions: 23 });
    const long = chooseFolding(what, { ...filters, batch: 64, time: 100_000, positions: 99_983 });
    expect(short).toEqual(long);
    // Three atoms leave five of eight lanes idle: anything but folding would be a mistake.
    expect(short.fold).toBeGreaterThan(2);
  }
});

it('sums a long filter gradient in pieces, without a bias', async () => {
  // 60 000 positions are several pieces; all ones make every lag the number of positions, exactly.
  const [positions, length] = [60_000, 20];
  const y = tf.ones([1, positions + length - 1, 1]);
  const x = tf.ones([1, positions, 1]);
  const before = tf.memory().numTensors;
  const gradient = filterGradient1d(y, x);
  expect(tf.memory().numTensors).toBe(before + 1);
  expect([...(await gradient.data())]).toEqual(Array(length).fill(positions));
  tf.dispose([y, x, gradient]);
});

it('takes tensors that were made on another backend', async () => {
  await useBackend('cpu');
  const [y, filters] = [normal(6, [2, 30, 2]), normal(7, [5, 2, 3])];
  await useBackend('wasm');
  const sizes = { batch: 2, time: 30, length: 5, channels: 2, atoms: 3, stride: 1 };
  await expectClose(analysis1d(y, filters), reference.analysis(draw(6, 120), draw(7, 30), sizes));
  tf.dispose([y, filters]);
});
