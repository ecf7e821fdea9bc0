import { type Random, refuse, requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import { type NdArray, ndArray, requireWhole } from '@unrolled/formats';

/** An atom that is never hit in so many draws never will be. */
const attempts = 100_000;

/**
 * Filters near the true ones, to start learning from: each true filter with noise added, of norm 1,
 *
 *     h_init = (h + ½ std(h) n) / ‖h + ½ std(h) n‖,
 *
 * drawn anew until its error √(1 − ⟨h, h_init⟩² / ‖h‖²) lies in [low, high].
 *
 * @param filters the true ones, the last axis the filters: `[time, channels, filters]`
 * @param options.low default 0.4
 * @param options.high default 0.5
 * @returns filters of the same shape
 * @throws where no draw gets there: std(h) is too small for such an error, or the interval too narrow
 * @see Tolooshams, Dey & Ba (2021), "Deep residual autoencoders for expectation maximization-inspired dictionary learning", section V
 * @example closeInitialisation(crsaeSimulation().filters, random(0))
 */
export function closeInitialisation(
  filters: NdArray<'float32'>,
  random: Random,
  options: { readonly low?: number; readonly high?: number } = {},
): NdArray<'float32'> {
  requireKnownOptions('options', options, ['low', 'high']);
  requireWhole('filters', filters);
  const { low = 0.4, high = 0.5 } = options;
  if (!(low >= 0 && low < high && high <= 1)) refuse('low, high', [low, high], '0 ≤ low < high ≤ 1');
  const atoms = filters.shape.at(-1) ?? 0;
  const size = filters.data.length / atoms;
  const result = new Float32Array(filters.data.length);
  for (let atom = 0; atom < atoms; atom++) {
    const truth = Float64Array.from({ length: size }, (_, index) => filters.data[index * atoms + atom]!);
    const near = drawNear(truth, random, low, high);
    near.forEach((value, index) => {
      result[index * atoms + atom] = value;
    });
  }
  return ndArray(result, filters.shape);
}

function drawNear(truth: Float64Array, random: Random, low: number, high: number): Float64Array {
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  const deviation = Math.sqrt(truth.reduce((sum, value) => sum + (value - mean) ** 2, 0) / truth.length);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const near = truth.map((value) => value + random.normal(0, 0.5 * deviation));
    const cosine = dot(truth, near) / Math.sqrt(dot(truth, truth) * dot(near, near));
    const error = Math.sqrt(Math.max(0, 1 - cosine ** 2));
    if (error >= low && error <= high) return near.map((value) => value / Math.sqrt(dot(near, near)));
  }
  throw new UnrolledError(
    'INVALID_ARGUMENT',
    `low, high: expected an interval of errors that a draw can reach, got [${low}, ${high}]`,
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
