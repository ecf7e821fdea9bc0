import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Random,
  refuse,
  requireAllFinite,
  requireInteger,
  requireKnownOptions,
  requireShape,
} from '@unrolled/contracts';
import { unitSphere } from '@unrolled/operators';
import type { HostExamples } from '@unrolled/unroll';

/** Options of {@link exampleAtoms}. */
export interface ExampleAtomsOptions {
  /** How many atoms. */
  readonly atoms: number;
  readonly random: Random;
  /** The size of a filter, of signals with time, or height and width: pieces of that size are cut out. Default: whole examples. */
  readonly size?: readonly number[];
}

/**
 * Atoms made of the data: examples drawn at random without replacement (or pieces of them, cut out at random places), of unit norm.
 * Nothing has to be known about the truth.
 *
 * @param examples `[examples, features]`, `[examples, time, channels]` or `[examples, height, width, channels]`
 * @returns `[features, atoms]`, `[time, channels, atoms]` or `[height, width, channels, atoms]`. A fresh tensor
 * @throws INVALID_ARGUMENT where there are fewer examples that are not zero than atoms, or a piece is larger than an example;
 *   NOT_FINITE
 * @example const start = exampleAtoms(digits, { atoms: 100, random: random(0) });
 */
export function exampleAtoms(examples: HostExamples, options: ExampleAtomsOptions): Tensor {
  requireKnownOptions('exampleAtoms', options, ['atoms', 'random', 'size']);
  const { random, size = [] } = options;
  const atoms = requireInteger('atoms', options.atoms);
  const { data, shape } = examples ?? {};
  if (!Array.isArray(shape) || shape.length < 2)
    refuse('examples', shape, 'examples [examples, …]', 'INVALID_SHAPE');
  const [count, ...inner] = shape as [number, ...number[]];
  requireShape('examples.data', [data.length], [shape.reduce((a, b) => a * b, 1)], 'numbers for its shape');
  requireAllFinite('examples', data);
  const spatial = inner.slice(0, -1);
  if (size.length !== 0 && size.length !== spatial.length)
    refuse('size', size, `${spatial.length} numbers, one an axis, or none`);
  const cut = spatial.map((length, axis) => requireInteger('size', size[axis] ?? length));
  if (cut.some((length, axis) => length > spatial[axis]!))
    refuse('size', cut, `at most the size of an example, ${spatial.join(' × ')}`);
  const channels = inner.at(-1)!;
  const pieces: Float32Array[] = [];
  for (const example of random.permutation(count)) {
    if (pieces.length === atoms) break;
    const starts = cut.map((length, axis) => random.integer(spatial[axis]! - length + 1));
    const piece = pieceOf(data, example, { spatial, channels, starts, cut });
    // A zero piece has no direction.
    if (piece.some((value) => value !== 0)) pieces.push(piece);
  }
  if (pieces.length < atoms)
    refuse('atoms', atoms, `at most the examples that are not zero, ${pieces.length}`);
  const length = pieces[0]!.length;
  const columns = new Float32Array(length * atoms);
  for (const [atom, piece] of pieces.entries())
    for (let index = 0; index < length; index++) columns[index * atoms + atom] = piece[index]!;
  return tf.tidy(() => unitSphere(tf.tensor(columns, [...cut, channels, atoms])));
}

/** A block of one example, row by row. */
function pieceOf(
  data: ArrayLike<number>,
  example: number,
  place: {
    readonly spatial: readonly number[];
    readonly channels: number;
    readonly starts: readonly number[];
    readonly cut: readonly number[];
  },
): Float32Array {
  const { spatial, channels, starts, cut } = place;
  const length = cut.reduce((size, one) => size * one, 1);
  const piece = new Float32Array(length * channels);
  for (let index = 0; index < length; index++) {
    let rest = index;
    let from = 0;
    let scale = 1;
    for (let axis = cut.length - 1; axis >= 0; axis--) {
      from += ((rest % cut[axis]!) + starts[axis]!) * scale;
      rest = Math.floor(rest / cut[axis]!);
      scale *= spatial[axis]!;
    }
    for (let channel = 0; channel < channels; channel++)
      piece[index * channels + channel] = data[(example * scale + from) * channels + channel]!;
  }
  return piece;
}
