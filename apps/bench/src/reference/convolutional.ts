import type { NdArray } from '@unrolled/formats';

/** A problem ½‖y − H x‖² + w ‖x‖₁, x ≥ 0, of one recording, on the host. */
export interface ConvolutionalProblem {
  /** y `[time, channels]`. */
  readonly y: NdArray<'float32'>;
  /** h `[time, channels, atoms]`. */
  readonly filters: NdArray<'float32'>;
  /** w. */
  readonly weight: number;
}

/** The entries of a code that are not zero, in any order. */
export interface Events {
  readonly positions: ArrayLike<number>;
  readonly atoms: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** The entries of a code `[positions, atoms]` that are not zero. */
export function eventsOf({ data, shape }: NdArray): Events {
  const [, atoms] = shape as readonly [number, number];
  const numbers = data as ArrayLike<number>;
  const places: number[] = [];
  for (let index = 0; index < numbers.length; index++) if (numbers[index] !== 0) places.push(index);
  return {
    positions: places.map((index) => Math.floor(index / atoms)),
    atoms: places.map((index) => index % atoms),
    values: places.map((index) => numbers[index]!),
  };
}

/** y − H x in float64, `[time × channels]`. */
export function residualOf({ y, filters }: ConvolutionalProblem, code: Events): Float64Array {
  const [length, channels, atoms] = filters.shape as readonly [number, number, number];
  const residual = new Float64Array(y.data);
  const size = length * channels;
  for (let event = 0; event < code.values.length; event++) {
    const value = code.values[event]!;
    const first = code.positions[event]! * channels;
    const atom = code.atoms[event]!;
    for (let k = 0; k < size; k++) residual[first + k]! -= value * filters.data[k * atoms + atom]!;
  }
  return residual;
}

/** ½‖y − H x‖² + w ‖x‖₁ in float64; infinite for a code with a negative entry. */
export function objectiveOf(problem: ConvolutionalProblem, code: Events): number {
  const residual = residualOf(problem, code);
  let squares = 0;
  for (const value of residual) squares += value * value;
  let sum = 0;
  for (let event = 0; event < code.values.length; event++) {
    if (code.values[event]! < 0) return Number.POSITIVE_INFINITY;
    sum += code.values[event]!;
  }
  return 0.5 * squares + problem.weight * sum;
}

/** Products that are multiplied at most: some seconds of JavaScript. */
const most = 3e9;

/**
 * How far a code is from the optimality conditions, in units of w, in float64: the largest over entries of
 *
 *     |Hᵀ r − w| where x > 0,   max(Hᵀ r − w, 0) where x = 0,      r = y − H x
 *
 * Where all positions would take too long, as many of them in sixteen stretches, evenly apart.
 */
export function violationOf(problem: ConvolutionalProblem, code: Events): number {
  const { y, filters, weight } = problem;
  const [length, channels, atoms] = filters.shape as readonly [number, number, number];
  const residual = residualOf(problem, code);
  const size = length * channels;
  const positions = y.shape[0]! - length + 1;
  const present = new Uint8Array(positions * atoms);
  for (let event = 0; event < code.values.length; event++)
    present[code.positions[event]! * atoms + code.atoms[event]!] = 1;
  const turned = Float64Array.from(
    { length: size * atoms },
    (_, index) => filters.data[(index % size) * atoms + Math.floor(index / size)]!,
  );
  const looked = Math.min(positions, Math.floor(most / (size * atoms)));
  const stretches = looked === positions ? 1 : 16;
  const each = Math.floor(looked / stretches);
  let worst = 0;
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * (positions - each)) / Math.max(1, stretches - 1));
    for (let position = from; position < from + each; position++) {
      for (let atom = 0; atom < atoms; atom++) {
        const first = position * channels;
        const filter = atom * size;
        let pull = 0;
        for (let k = 0; k < size; k++) pull += residual[first + k]! * turned[filter + k]!;
        const excess = pull - weight;
        const violation = present[position * atoms + atom] === 1 ? Math.abs(excess) : Math.max(0, excess);
        if (violation > worst) worst = violation;
      }
    }
  }
  return worst / weight;
}
