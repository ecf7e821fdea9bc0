import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';

/** A convolutional lasso with everything on the host, float64. */
export interface Drawn {
  readonly length: number;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: number;
  readonly positions: number;
  readonly nonNegative: boolean;
  /** `[length, channels, atoms]`, norm 1 each. */
  readonly filters: Float32Array;
  /** `[time, channels]`: a planted code and noise of deviation σ = 0.1 through the filters. */
  readonly y: Float32Array;
  /** `[atoms]` */
  readonly weights: Float32Array;
}

export interface Sizes {
  readonly length?: number;
  readonly channels?: number;
  readonly atoms?: number;
  readonly stride?: number;
  readonly positions?: number;
  readonly nonNegative?: boolean;
  /** Of the entries, the part that is planted. */
  readonly density?: number;
  readonly weight?: number;
  readonly seed?: number;
}

/** Smooth random filters, as templates are: neighbouring shifts are much alike. */
export function draw(sizes: Sizes = {}): Drawn {
  const {
    length = 12,
    channels = 1,
    atoms = 3,
    stride = 1,
    positions = 400,
    nonNegative = true,
    density = 0.01,
    weight = 0.3,
    seed = 1,
  } = sizes;
  const generator = random(seed);
  const filters = new Float32Array(length * channels * atoms);
  for (let atom = 0; atom < atoms; atom++) {
    let norm = 0;
    const values = new Float64Array(length * channels);
    for (let channel = 0; channel < channels; channel++) {
      let [value, slope] = [0, 0];
      for (let k = 0; k < length; k++) {
        slope = 0.6 * slope + generator.normal();
        value = 0.7 * value + slope;
        values[k * channels + channel] = value * Math.sin((Math.PI * (k + 0.5)) / length);
      }
    }
    for (const value of values) norm += value * value;
    values.forEach((value, row) => {
      filters[row * atoms + atom] = value / Math.sqrt(norm);
    });
  }
  const time = (positions - 1) * stride + length;
  const y = Float32Array.from({ length: time * channels }, () => 0.1 * generator.normal());
  for (let position = 0; position < positions; position++) {
    for (let atom = 0; atom < atoms; atom++) {
      if (generator.uniform() >= density) continue;
      const sign = nonNegative || generator.uniform() < 0.5 ? 1 : -1;
      const value = sign * (1 + generator.uniform());
      for (let row = 0; row < length * channels; row++)
        y[position * stride * channels + row]! += value * filters[row * atoms + atom]!;
    }
  }
  const weights = Float32Array.from({ length: atoms }, (_, atom) => weight * (1 + 0.2 * (atom % 3)));
  return { length, channels, atoms, stride, positions, nonNegative, filters, y, weights };
}

/** The same on the device. The caller disposes of `tensors`. */
export function onDevice(drawn: Drawn) {
  const { length, channels, atoms, stride, nonNegative } = drawn;
  const filters = tf.tensor3d(drawn.filters, [length, channels, atoms]);
  const weights = tf.tensor1d(drawn.weights);
  const y = tf.tensor3d(drawn.y, [1, drawn.y.length / channels, channels]);
  const problem = {
    operator: conv1d(filters, { stride }),
    prior: l1(weights, { nonNegative }),
    likelihood: gaussian(),
  };
  const tensors: Tensor[] = [filters, weights, y];
  return { problem, y, tensors };
}

/** Aᵀ (y − A x) in float64, with loops that follow the definition. */
export function pullOf(drawn: Drawn, code: ArrayLike<number>): Float64Array {
  const { length, channels, atoms, stride, positions, filters } = drawn;
  const residual = Float64Array.from(drawn.y);
  const rows = length * channels;
  for (let entry = 0; entry < positions * atoms; entry++) {
    const value = code[entry]!;
    if (value === 0) continue;
    const start = Math.floor(entry / atoms) * stride * channels;
    for (let row = 0; row < rows; row++)
      residual[start + row]! -= value * filters[row * atoms + (entry % atoms)]!;
  }
  return Float64Array.from({ length: positions * atoms }, (_, entry) => {
    const start = Math.floor(entry / atoms) * stride * channels;
    let sum = 0;
    for (let row = 0; row < rows; row++)
      sum += residual[start + row]! * filters[row * atoms + (entry % atoms)]!;
    return sum;
  });
}

/** The largest distance of Aᵀ (y − A x) − ridge·x from the subdifferential, in parts of the weight. */
export function violationOf(drawn: Drawn, code: ArrayLike<number>, ridge = 0): number {
  const pull = pullOf(drawn, code);
  let worst = 0;
  for (let entry = 0; entry < pull.length; entry++) {
    const x = code[entry]!;
    const weight = drawn.weights[entry % drawn.atoms]!;
    const c = pull[entry]! - ridge * x;
    const size = drawn.nonNegative ? c : Math.abs(c);
    if (drawn.nonNegative && x < 0) return Number.POSITIVE_INFINITY;
    const distance = x === 0 ? Math.max(0, size - weight) : Math.abs(c - weight * Math.sign(x));
    worst = Math.max(worst, distance / weight);
  }
  return worst;
}

/** T iterations of FISTA, from the definition, in float64. */
export function referenceFista(
  drawn: Drawn,
  step: number,
  iterations: number,
  momentum: (t: number) => number,
): Float64Array {
  const size = drawn.positions * drawn.atoms;
  let x = new Float64Array(size);
  let z = new Float64Array(size);
  for (let t = 1; t <= iterations; t++) {
    const pull = pullOf(drawn, z);
    const previous = x;
    x = z.map((value, entry) => {
      const v = value + step * pull[entry]!;
      const threshold = step * drawn.weights[entry % drawn.atoms]!;
      if (drawn.nonNegative) return Math.max(v - threshold, 0);
      return Math.sign(v) * Math.max(Math.abs(v) - threshold, 0);
    });
    z = x.map((value, entry) => value + momentum(t) * (value - previous[entry]!));
  }
  return x;
}
