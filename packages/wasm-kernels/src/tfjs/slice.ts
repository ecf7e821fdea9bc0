import type { SliceAttrs, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { emptyOnHeap, heapView } from '../memory/heap.ts';
import { replaceKernel } from './replace-kernel.ts';

// tfjs's wasm kernel copies the whole tensor out of the wasm memory before it looks at it, and then copies along the last
// axis, however short: cropping [32, 500, 3] takes 1 ms. This copies within the memory, the longest runs that there are.

replaceKernel(tf.Slice, 'wasm', (inputs, attributes, original) => {
  const x = inputs['x'] as Tensor;
  if (x.dtype === 'string' || x.dtype === 'complex64') {
    return [original!.kernelFunc({ inputs, attrs: { ...attributes }, backend: tf.backend() })].flat()[0]!;
  }
  const { begin, size } = attributes as SliceAttrs;
  const [start, extent] = tf.slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
  const out = emptyOnHeap(extent, x.dtype);
  if (tf.util.sizeFromShape(extent) > 0) copyBox(heapView(x), x.shape, start, heapView(out), extent);
  return out;
});

type Values = ReturnType<typeof heapView>;

/** Copies the box of `extent` at `start` of an array of `shape`, axis by axis, until what is left is one run. */
function copyBox(
  from: Values,
  shape: readonly number[],
  start: readonly number[],
  to: Values,
  extent: readonly number[],
): void {
  const strides = [...tf.util.computeStrides([...shape]), 1].slice(-shape.length);
  let last = shape.length - 1;
  while (last > 0 && extent[last] === shape[last]) last--;
  const run = tf.util.sizeFromShape(extent.slice(Math.max(last, 0)));
  let written = 0;
  const copy = (axis: number, offset: number): void => {
    if (axis >= last) {
      const first = offset + (start[axis] ?? 0) * (strides[axis] ?? 1);
      to.set(from.subarray(first, first + run), written);
      written += run;
      return;
    }
    for (let index = 0; index < extent[axis]!; index++)
      copy(axis + 1, offset + (start[axis]! + index) * strides[axis]!);
  };
  copy(0, 0);
}
