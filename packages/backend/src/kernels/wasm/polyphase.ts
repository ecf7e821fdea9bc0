import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { heapView } from '@unrolled/wasm-kernels';
import type { Convolution1d } from '../convolution-shapes.ts';
import { fitTime } from './fit-time.ts';
import { chooseFolding, type Folding } from './folding.ts';

// A convolution with few channels leaves a SIMD kernel idle. Folding P positions of time into channels makes it one with
// P times as many, and the filters become J taps of a matrix [P·stride·channels, P·atoms] each,
//
//     folded[j][u, i][p, c] = filters[j·P·stride + u − p·stride, i, c]      (zero outside the filter)
//     code[P·q + p, c] = Σ_{j, u, i} signal[(q + j)·P·stride + u, i] · folded[j][u, i][p, c]
//
// a plain, dense convolution of stride 1, whatever the stride was. It multiplies J·P·stride / K times as much.

/**
 * The folded filters, each entry at the index that `place` gives to its tap j, row (u, i) and column (p, c). On the host,
 * which reads wasm's memory in place: they are few, and a dozen ops of tfjs would take longer.
 */
function foldFilters(
  filters: Tensor,
  { length, channels, atoms, stride }: Convolution1d,
  { fold, taps, rows, columns }: Folding,
  place: (tap: number, row: number, column: number) => number,
): Float32Array {
  const values = heapView(filters);
  const folded = new Float32Array(taps * rows * columns);
  const block = fold * stride;
  for (let phase = 0; phase < fold; phase++) {
    for (let sample = 0, from = 0; sample < length; sample++) {
      const shifted = sample + phase * stride;
      const tap = Math.floor(shifted / block);
      for (let channel = 0; channel < channels; channel++) {
        const row = (shifted % block) * channels + channel;
        for (let atom = 0; atom < atoms; atom++) {
          folded[place(tap, row, phase * atoms + atom)] = values[from++]!;
        }
      }
    }
  }
  return folded;
}

/** The analysis in polyphase form. */
export function polyphaseAnalysis(
  y: Tensor,
  filters: Tensor,
  sizes: Convolution1d,
  folding = chooseFolding('analysis', sizes),
): Tensor {
  const { batch, positions, atoms, stride } = sizes;
  const { fold, taps, rows, columns } = folding;
  const kernel = foldFilters(
    filters,
    sizes,
    folding,
    (tap, row, column) => (tap * rows + row) * columns + column,
  );
  const blocks = Math.ceil(positions / fold);
  const signal = fitTime(y, (blocks + taps - 1) * fold * stride);
  const code = tf.conv2d(
    tf.reshape(signal, [batch, 1, blocks + taps - 1, rows]) as Tensor4D,
    tf.tensor4d(kernel, [1, taps, rows, columns]),
    1,
    'valid',
  );
  return fitTime(tf.reshape(code, [batch, blocks * fold, atoms]), positions);
}

/** The synthesis in polyphase form: the folded filters of the analysis, transposed and reversed. */
export function polyphaseSynthesis(
  x: Tensor,
  filters: Tensor,
  sizes: Convolution1d,
  folding = chooseFolding('synthesis', sizes),
): Tensor {
  const { batch, time, channels, stride } = sizes;
  const { fold, taps, rows, columns } = folding;
  const kernel = foldFilters(
    filters,
    sizes,
    folding,
    (tap, row, column) => ((taps - 1 - tap) * columns + column) * rows + row,
  );
  const blocks = Math.ceil(time / (fold * stride));
  // The full convolution: `taps − 1` blocks of zeros in front, and as many behind as the last block looks at.
  const code = fitTime(x, (blocks + taps - 1) * fold, (taps - 1) * fold);
  const signal = tf.conv2d(
    tf.reshape(code, [batch, 1, blocks + taps - 1, columns]) as Tensor4D,
    tf.tensor4d(kernel, [1, taps, columns, rows]),
    1,
    'valid',
  );
  return fitTime(tf.reshape(signal, [batch, blocks * fold * stride, channels]), time);
}
