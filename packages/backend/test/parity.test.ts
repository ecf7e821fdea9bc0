import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  analysis1d,
  filterGradient1d,
  matMul,
  synthesis1d,
  useBackend,
  valueAndGradients,
  vectorJacobianProduct,
} from '../src/index.ts';
import * as reference from './reference/trilinear.ts';
import { backendsHere } from './support/backends.ts';
import { draw, expectClose } from './support/tensors.ts';

// The same laws on every backend that is here: each kernel and each of its gradients against the definition in float64.

const cases = [
  { title: 'one position', batch: 1, time: 7, length: 7, channels: 1, atoms: 1, stride: 1 },
  { title: 'filters of one sample', batch: 2, time: 13, length: 1, channels: 4, atoms: 3, stride: 1 },
  { title: 'one channel', batch: 3, time: 50, length: 5, channels: 1, atoms: 3, stride: 1 },
  { title: 'stride 2, a tail of one', batch: 2, time: 62, length: 9, channels: 4, atoms: 5, stride: 2 },
  { title: 'stride 3, a tail of two', batch: 2, time: 46, length: 5, channels: 1, atoms: 8, stride: 3 },
  {
    title: 'stride 5, more channels than atoms',
    batch: 2,
    time: 64,
    length: 11,
    channels: 4,
    atoms: 2,
    stride: 5,
  },
  { title: 'a stride beyond the filter', batch: 2, time: 33, length: 3, channels: 1, atoms: 2, stride: 5 },
] as const;

for (const backend of await backendsHere()) {
  describe(backend, () => {
    beforeAll(async () => {
      await useBackend(backend);
    });

    for (const { title, ...sizes } of cases) {
      it(`convolves: ${title}`, async () => {
        const { batch, time, length, channels, atoms, stride } = sizes;
        const positions = reference.positionsOf(sizes);
        const reach = { ...sizes, time: (positions - 1) * stride + length };
        const before = tf.memory().numTensors;

        const signal = draw(1, batch * time * channels);
        const covered = draw(2, batch * reach.time * channels);
        const bank = draw(3, length * channels * atoms);
        const code = draw(4, batch * positions * atoms);
        const y = tf.tensor3d(signal, [batch, time, channels]);
        const s = tf.tensor3d(covered, [batch, reach.time, channels]);
        const h = tf.tensor3d(bank, [length, channels, atoms]);
        const x = tf.tensor3d(code, [batch, positions, atoms]);

        await expectClose(analysis1d(y, h, stride), reference.analysis(signal, bank, sizes));
        await expectClose(synthesis1d(x, h, stride), reference.synthesis(code, bank, reach));
        await expectClose(
          filterGradient1d(y, x, stride, length),
          reference.filterGradient(signal, code, sizes),
        );

        const ofAnalysis = vectorJacobianProduct(() => [analysis1d(y, h, stride)], [y, h], [x]);
        await expectClose(ofAnalysis[0]!, reference.synthesis(code, bank, sizes));
        await expectClose(ofAnalysis[1]!, reference.filterGradient(signal, code, sizes));

        const ofSynthesis = vectorJacobianProduct(() => [synthesis1d(x, h, stride)], [x, h], [s]);
        await expectClose(ofSynthesis[0]!, reference.analysis(covered, bank, reach));
        await expectClose(ofSynthesis[1]!, reference.filterGradient(covered, code, reach));

        const ofGradient = vectorJacobianProduct(() => [filterGradient1d(y, x, stride, length)], [y, x], [h]);
        await expectClose(ofGradient[0]!, reference.synthesis(code, bank, sizes));
        await expectClose(ofGradient[1]!, reference.analysis(signal, bank, sizes));

        tf.dispose([y, s, h, x]);
        expect(tf.memory().numTensors).toBe(before);
      });
    }

    it('gives second derivatives', async () => {
      // ½‖Aᵀy‖² is quadratic in the filters h: its gradient is G(y, Aₕᵀy), and the gradient of ⟨G, v⟩ is G(y, Aᵥᵀy).
      const sizes = { batch: 2, time: 20, length: 4, channels: 2, atoms: 3, stride: 2 };
      const signal = draw(5, 80);
      const direction = draw(6, 24);
      const y = tf.tensor3d(signal, [2, 20, 2]);
      const h = tf.tensor3d(draw(7, 24), [4, 2, 3]);
      const v = tf.tensor3d(direction, [4, 2, 3]);
      const { value, gradients } = valueAndGradients(() => {
        const energy = () => tf.mul(0.5, tf.sum(tf.square(analysis1d(y, h, 2))));
        return tf.sum(tf.mul(valueAndGradients(energy, [h]).gradients[0]!, v));
      }, [h]);
      const expected = reference.filterGradient(signal, reference.analysis(signal, direction, sizes), sizes);
      await expectClose(gradients[0]!, expected);
      tf.dispose([value, y, h, v]);
    });

    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      it(`multiplies${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}`, async () => {
        const [m, k, n] = [5, 13, 7];
        const [left, right, weights] = [draw(8, m * k), draw(9, k * n), draw(10, m * n)];
        const a = tf.tensor2d(left, transposeA ? [k, m] : [m, k]);
        const b = tf.tensor2d(right, transposeB ? [n, k] : [k, n]);
        const dy = tf.tensor2d(weights, [m, n]);
        const indexA = (row: number, inner: number) => (transposeA ? inner * m + row : row * k + inner);
        const indexB = (inner: number, column: number) =>
          transposeB ? column * k + inner : inner * n + column;
        const [product, da, db] = [new Float64Array(m * n), new Float64Array(m * k), new Float64Array(k * n)];
        for (let row = 0; row < m; row++)
          for (let column = 0; column < n; column++)
            for (let inner = 0; inner < k; inner++) {
              const [ia, ib, ic] = [indexA(row, inner), indexB(inner, column), row * n + column];
              product[ic]! += left[ia]! * right[ib]!;
              da[ia]! += weights[ic]! * right[ib]!;
              db[ib]! += weights[ic]! * left[ia]!;
            }
        const multiply = () => matMul(a, b, { transposeA, transposeB });
        await expectClose(multiply(), product);
        const [ga, gb] = vectorJacobianProduct(() => [multiply()], [a, b], [dy]);
        await expectClose(ga!, da);
        await expectClose(gb!, db);
        tf.dispose([a, b, dy]);
      });
    }

    it('multiplies a stack by one matrix as by each', async () => {
      const stack = tf.tensor3d(draw(11, 2 * 3 * 4), [2, 3, 4]);
      const matrix = tf.tensor2d(draw(12, 4 * 5), [4, 5]);
      const second = tf.reshape(tf.slice(stack, [1, 0, 0], [1, 3, 4]), [3, 4]);
      const expected = matMul(second, matrix);
      const product = matMul(stack, matrix);
      expect(product.shape).toEqual([2, 3, 5]);
      await expectClose(tf.slice(product, [1, 0, 0], [1, 3, 5]), await expected.data());
      tf.dispose([stack, matrix, second, expected, product]);
    });
  });
}
