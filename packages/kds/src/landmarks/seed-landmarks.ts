import { random, refuse, requireInteger, requireKnownOptions, requireOneOf } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import { exampleAt, requireExamples } from '../examples.ts';
import { nearestDistances } from './distances.ts';
import { drawByMass } from './draw.ts';

/** Options of {@link seedLandmarks}. */
export interface SeedOptions {
  /**
   * `'distance'` (default): each with a probability in proportion to its distance from the nearest that was drawn before, so that they
   * spread; `'uniform'`: every example as likely as any other.
   */
  readonly draw?: 'distance' | 'uniform';
  /** Default 0. */
  readonly seed?: number;
}

/**
 * Landmarks to start from: different examples of the data, drawn at random.
 *
 * @param examples `[examples, features]`
 * @param count how many, at most as many as there are examples
 * @returns atoms `[features, atoms]`
 * @throws INVALID_ARGUMENT for more landmarks than examples, or than different examples where they are drawn by distance; INVALID_SHAPE;
 *   NOT_FINITE; UNKNOWN_OPTION
 * @example
 * const { data, shape } = seedLandmarks(points, 24);
 * const landmarks = tf.tensor(data, [...shape]);
 * @see Arthur & Vassilvitskii 2007, "k-means++", for seeding by distance (there squared)
 */
export function seedLandmarks(
  examples: HostExamples,
  count: number,
  options: SeedOptions = {},
): HostExamples {
  requireKnownOptions('seedLandmarks', options, ['draw', 'seed']);
  const draw = requireOneOf('draw', options.draw ?? 'distance', ['distance', 'uniform']);
  const generator = random(options.seed ?? 0);
  const [size, features] = requireExamples('examples', examples);
  if (requireInteger('count', count) > size)
    refuse('count', count, `at most as many landmarks as there are examples, ${size}`);
  const places =
    draw === 'uniform'
      ? Array.from(generator.permutation(size).subarray(0, count))
      : spreadPlaces(examples, count, generator);
  const data = new Float32Array(features * count);
  places.forEach((place, atom) => {
    exampleAt(examples, place).forEach((value, feature) => {
      data[feature * count + atom] = value;
    });
  });
  return { data, shape: [features, count] };
}

function spreadPlaces(examples: HostExamples, count: number, generator: ReturnType<typeof random>): number[] {
  const size = examples.shape[0]!;
  const nearest = nearestDistances((index) => exampleAt(examples, index), size);
  const places = [generator.integer(size)];
  for (;;) {
    nearest.add(exampleAt(examples, places.at(-1)!));
    if (places.length === count) return places;
    const next = drawByMass(nearest.values, generator);
    if (next === undefined)
      return refuse(
        'count',
        count,
        `at most as many landmarks as there are different examples, ${places.length}`,
      );
    places.push(next);
  }
}
