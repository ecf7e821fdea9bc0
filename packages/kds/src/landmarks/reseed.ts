import type { Random } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import { exampleAt, spread } from '../examples.ts';
import { nearestDistances } from './distances.ts';
import { drawByMass } from './draw.ts';

/** Examples that are looked at for a place: enough to find where landmarks are missing. */
const candidates = 2048;

/**
 * Puts atoms that no code uses where landmarks are missing: on examples that are drawn with a probability in proportion to their distance
 * from the nearest atom in use. Where every example is on one already, they stay.
 *
 * @returns fresh landmarks `[features, atoms]`
 */
export function reseed(
  landmarks: HostExamples,
  unused: ArrayLike<number>,
  examples: HostExamples,
  random: Random,
): HostExamples {
  const [features, atoms] = landmarks.shape as readonly [number, number];
  const data = landmarks.data.slice();
  const some = spread(examples, candidates);
  const nearest = nearestDistances((index) => exampleAt(some, index), some.shape[0]!);
  const idle = new Set(Array.from(unused));
  for (let atom = 0; atom < atoms; atom++) {
    if (!idle.has(atom))
      nearest.add(Float32Array.from({ length: features }, (_, feature) => data[feature * atoms + atom]!));
  }
  // Without any atom in use there is no distance to go by.
  if (idle.size === atoms) nearest.values.fill(1);
  for (const atom of idle) {
    const place = drawByMass(nearest.values, random);
    if (place === undefined) break;
    const example = exampleAt(some, place);
    example.forEach((value, feature) => {
      data[feature * atoms + atom] = value;
    });
    nearest.add(example);
  }
  return { data, shape: landmarks.shape };
}
