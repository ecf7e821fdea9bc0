import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { extrapolate, shrinkageStep, useBackend, vectorJacobianProduct } from '../src/index.ts';
import { backendsHere } from './support/backends.ts';
import { draw, expectClose } from './support/tensors.ts';

// The fused update of ISTA and FISTA, with every gradient by its formula in float64, on every backend that is here.

const atoms = 3;
const shape = [2, 5, atoms];
const size = 30;
const [z, gradient, dy] = [draw(1, size), draw(2, size), draw(3, size)];
const [length] = Float32Array.of(0.7);

/** Thresholds of the two-sided, the one-sided and the linear kind; one number for all atoms, and one an atom. */
const kinds = [
  { title: 'two-sided, an atom each', below: [0.3, 0.1, 0.6], above: [0.2, 0.5, 0.4], slope: [1, 0.5, 0.25] },
  { title: 'two-sided, all alike', below: [0.4], above: [0.4], slope: [1] },
  { title: 'one-sided', below: [Number.POSITIVE_INFINITY], above: [0.2, 0.5, 0.4], slope: [1] },
  { title: 'linear', below: [0], above: [0], slope: [0.5, 1, 0.25] },
  { title: 'without a zone of zeros', below: [-0.2], above: [-0.1, -0.3, 0.1], slope: [1] },
].map(({ title, ...rows }) => ({
  title,
  below: Float32Array.from(rows.below),
  above: Float32Array.from(rows.above),
  slope: Float32Array.from(rows.slope),
}));

const at = (row: Float32Array, index: number): number => row[row.length === 1 ? 0 : index % atoms]!;

/** By the definition: the result, and of every entry which side it is on. */
function definition({ below, above, slope }: (typeof kinds)[number]) {
  const entries = Array.from({ length: size }, (_, index) => {
    const v = z[index]! + length! * gradient[index]!;
    const [low, high] = [at(below, index), at(above, index)];
    const zone = low + high >= 0;
    const side = v > (zone ? high : 0) ? 1 : v < (zone ? -low : 0) ? -1 : 0;
    const beyond = side === 1 ? v - high : side === -1 ? v + low : 0;
    return { side, beyond, slope: at(slope, index) };
  });
  const rowSums = (row: Float32Array, term: (entry: (typeof entries)[number], index: number) => number) => {
    const sums = new Float64Array(row.length);
    entries.forEach((entry, index) => {
      sums[row.length === 1 ? 0 : index % atoms]! += term(entry, index);
    });
    return sums;
  };
  const dv = entries.map((entry, index) => (entry.side === 0 ? 0 : entry.slope * dy[index]!));
  return {
    result: entries.map(({ beyond, slope: by }) => by * beyond),
    dz: dv,
    dGradient: dv.map((value) => length! * value),
    dStep: [dv.reduce((sum, value, index) => sum + value * gradient[index]!, 0)],
    dBelow: rowSums(below, ({ side }, index) => (side === -1 ? dv[index]! : 0)),
    dAbove: rowSums(above, ({ side }, index) => (side === 1 ? -dv[index]! : 0)),
    dSlope: rowSums(slope, ({ beyond }, index) => dy[index]! * beyond),
  };
}

const rowTensor = (row: Float32Array) => (row.length === 1 ? tf.scalar(row[0]!) : tf.tensor1d(row));

for (const backend of await backendsHere()) {
  describe(backend, () => {
    beforeAll(async () => {
      await useBackend(backend);
    });

    for (const kind of kinds) {
      it(`shrinks: ${kind.title}`, async () => {
        const before = tf.memory().numTensors;
        const tensors = [tf.tensor(z, shape), tf.tensor(gradient, shape), tf.scalar(length!)];
        const rows = [rowTensor(kind.below), rowTensor(kind.above), rowTensor(kind.slope)];
        const [a, b, step] = tensors as [tf.Tensor, tf.Tensor, tf.Tensor];
        const [below, above, slope] = rows as [tf.Tensor, tf.Tensor, tf.Tensor];
        const run = () => shrinkageStep(a, b, step, { below, above, slope });
        const expected = definition(kind);
        await expectClose(run(), expected.result);
        const seed = tf.tensor(dy, shape);
        const gradients = vectorJacobianProduct(() => [run()], [...tensors, ...rows], [seed]);
        await expectClose(gradients[0]!, expected.dz);
        await expectClose(gradients[1]!, expected.dGradient);
        await expectClose(gradients[2]!, expected.dStep);
        // A threshold of ∞ has no derivative that anybody could use: nothing lies beyond it.
        await expectClose(gradients[3]!, expected.dBelow);
        await expectClose(gradients[4]!, expected.dAbove);
        await expectClose(gradients[5]!, expected.dSlope);
        tf.dispose([...tensors, ...rows, seed]);
        expect(tf.memory().numTensors).toBe(before);
      });
    }

    it('keeps NaN where it is, and lets it spread no further', async () => {
      const zeros = tf.zeros([1, 3, 2]);
      const row = tf.scalar(0.5);
      const bad = tf.tensor3d([2, Number.NaN, -2, Number.POSITIVE_INFINITY, 0, 0.2], [1, 3, 2]);
      const result = shrinkageStep(bad, zeros, row, { below: row, above: row, slope: row });
      expect([...(await result.data())]).toEqual([0.75, Number.NaN, -0.75, Number.POSITIVE_INFINITY, 0, 0]);
      tf.dispose([zeros, row, bad, result]);
    });

    it('differentiates twice', async () => {
      // d/dε of the gradient with respect to z along dy: linear in dy and in the slope.
      const [a, b] = [tf.tensor(z, shape), tf.tensor(gradient, shape)];
      const [step, threshold, slope] = [tf.scalar(length!), tf.scalar(0.3), tf.tensor1d([1, 0.5, 0.25])];
      const weights = tf.tensor(dy, shape);
      const second = tf.tidy(() =>
        tf.grad((s) => {
          const first = tf.grad((v) =>
            tf.sum(
              tf.square(
                shrinkageStep(v, b, step, { below: threshold, above: threshold, slope: s as tf.Tensor }),
              ),
            ),
          )(a);
          return tf.sum(tf.mul(first, weights));
        })(slope),
      );
      // The first is 2 s² (v ∓ t) where the result is not 0: its derivative along the slope is 4 s (v ∓ t).
      const expected = new Float64Array(atoms);
      for (let index = 0; index < size; index++) {
        const v = z[index]! + length! * gradient[index]!;
        const beyond = Math.sign(v) * Math.max(Math.abs(v) - Math.fround(0.3), 0);
        expected[index % atoms]! += 4 * [1, 0.5, 0.25][index % atoms]! * beyond * dy[index]!;
      }
      await expectClose(second, expected);
      tf.dispose([a, b, step, threshold, slope, weights]);
    });

    it('extrapolates', async () => {
      const [x, previous, seed] = [tf.tensor(z, shape), tf.tensor(gradient, shape), tf.tensor(dy, shape)];
      const run = () => extrapolate(x, previous, 0.6);
      await expectClose(
        run(),
        Array.from(z, (value, index) => value + 0.6 * (value - gradient[index]!)),
      );
      const gradients = vectorJacobianProduct(() => [run()], [x, previous], [seed]);
      await expectClose(
        gradients[0]!,
        Array.from(dy, (value) => 1.6 * value),
      );
      await expectClose(
        gradients[1]!,
        Array.from(dy, (value) => -0.6 * value),
      );
      tf.dispose([x, previous, seed]);
    });
  });
}

it('gives an entry the same bits wherever it lies', async () => {
  await useBackend('wasm');
  const generator = random(1);
  const values = (count: number) => Float32Array.from({ length: count }, () => generator.normal());
  const [all, slopes] = [values(7 * 3), values(7 * 3)];
  const [step, row] = [tf.scalar(0.3), tf.scalar(0.2)];
  const shrink = (from: Float32Array, by: Float32Array) =>
    tf.tidy(() => {
      const tensor = (data: Float32Array) => tf.tensor(data, [data.length / 3, 3]);
      const x = shrinkageStep(tensor(from), tensor(by), step, { below: row, above: row, slope: row });
      return extrapolate(x, tensor(from), 0.3).dataSync();
    });
  const together = shrink(all, slopes);
  for (let example = 0; example < 7; example++) {
    const part = (data: ArrayLike<number>) => Float32Array.from(data).slice(3 * example, 3 * example + 3);
    expect(shrink(part(all), part(slopes))).toEqual(part(together));
  }
  tf.dispose([step, row]);
});

it('refuses what does not fit', () => {
  tf.tidy(() => {
    const x = tf.zeros([2, 4, 3]);
    const one = tf.scalar(1);
    const rows = { below: one, above: one, slope: one };
    expect(() => shrinkageStep(x, tf.zeros([2, 3, 3]), one, rows)).toThrow('gradient: expected');
    expect(() => shrinkageStep(x, x, tf.zeros([2]), rows)).toThrow('step: expected a scalar');
    expect(() => shrinkageStep(x, x, one, { ...rows, above: tf.zeros([2]) })).toThrow(
      'shrinkage.above: expected a scalar or [3]',
    );
    expect(() => shrinkageStep(tf.zeros([2, 3], 'int32'), x, one, rows)).toThrow('float32');
    expect(() => extrapolate(x, tf.zeros([2, 4, 2]), 1)).toThrow('previous: expected');
    expect(() => extrapolate(x, x, Number.NaN)).toThrow('beta');
  });
});
