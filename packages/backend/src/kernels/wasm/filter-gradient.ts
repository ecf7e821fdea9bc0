import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { emptyOnHeap, heapView } from '@unrolled/wasm-kernels';
import type { Convolution1d } from '../convolution-shapes.ts';
import { fitTime } from './fit-time.ts';
import { chooseFolding, type Folding } from './folding.ts';

// The gradient of the folded filters (see polyphase.ts) is one matrix product over all blocks of all examples,
//
//     G[j, u, i][p, c] = Σ_n S[u, i][n + j] · X[n][p, c]
//
// with the folded signal S, one row a channel, shifted by j blocks, and the folded code X. Examples lie one behind the other,
// and J − 1 blocks of zeros end each code, so that no shift reaches from one example into the next. What the folding
// tore apart is added up again: gradient[k, i, c] = Σ_p G[k + p·stride, i][p, c].

/** Shifted samples that are multiplied at once: 2 MB, so that a recording of any length takes no more, and stays in cache. */
const chunkSize = 2 ** 19;

/** The filter gradient as products in polyphase form; the sums over chunks are kept in float64. */
export function foldedFilterGradient(
  y: Tensor,
  x: Tensor,
  sizes: Convolution1d,
  folding = chooseFolding('filterGradient', sizes),
): Tensor {
  const { batch, positions, stride } = sizes;
  const { fold, taps, rows, columns } = folding;
  const blocks = Math.ceil(positions / fold) + taps - 1;
  const total = batch * blocks;
  const signal = transposed(fitTime(y, blocks * fold * stride), total, rows);
  const code = tf.reshape(fitTime(x, blocks * fold), [total, columns]) as Tensor2D;
  const sums = new Float64Array(taps * rows * columns);
  const chunk = Math.max(64, Math.ceil(chunkSize / (taps * rows)));
  for (let first = 0; first < total; first += chunk) {
    const count = Math.min(chunk, total - first);
    const product = tf.tidy(() => {
      const shifted = shiftedRows(signal, folding, total, first, count);
      return tf.matMul(shifted, tf.slice(code, [first, 0], [count, columns]) as Tensor2D);
    });
    const values = heapView(product);
    for (let index = 0; index < sums.length; index++) sums[index]! += values[index]!;
    product.dispose();
  }
  return unfold(sums, sizes, folding);
}

/** Row (j, u, i), column n: the samples of row (u, i) at blocks `first + n + j`, `count` of them. */
function shiftedRows(
  signal: Tensor,
  { taps, rows }: Folding,
  total: number,
  first: number,
  count: number,
): Tensor2D {
  const shifted = emptyOnHeap([taps * rows, count]);
  const to = heapView(shifted);
  const from = heapView(signal);
  for (let tap = 0, written = 0; tap < taps; tap++) {
    const there = Math.min(count, total - first - tap);
    for (let row = 0; row < rows; row++, written += count) {
      const start = row * total + first + tap;
      to.set(from.subarray(start, start + there), written);
      to.fill(0, written + there, written + count);
    }
  }
  return shifted as Tensor2D;
}

/** The rows of a matrix as columns. tfjs's own transpose takes four times as long for few columns. */
function transposed(tensor: Tensor, rows: number, columns: number): Tensor {
  if (columns === 1) return tensor;
  const result = emptyOnHeap([columns, rows]);
  const to = heapView(result);
  const from = heapView(tensor);
  for (let row = 0, read = 0; row < rows; row++) {
    for (let column = 0, write = row; column < columns; column++, write += rows) to[write] = from[read++]!;
  }
  return result;
}

/** Adds up what the folding tore apart. */
function unfold(
  sums: Float64Array,
  { length, channels, atoms, stride }: Convolution1d,
  { fold, columns }: Folding,
): Tensor {
  const gradient = new Float32Array(length * channels * atoms);
  for (let index = 0; index < gradient.length; index++) {
    const atom = index % atoms;
    const row = (index - atom) / atoms;
    let sum = 0;
    for (let phase = 0; phase < fold; phase++) {
      sum += sums[(row + phase * stride * channels) * columns + phase * atoms + atom]!;
    }
    gradient[index] = sum;
  }
  return tf.tensor3d(gradient, [length, channels, atoms]);
}
