import type { Random } from '@unrolled/contracts';

/** Draws a place with a probability in proportion to its mass; undefined where all masses are 0. */
export function drawByMass(masses: ArrayLike<number>, random: Random): number | undefined {
  let total = 0;
  for (let index = 0; index < masses.length; index++) total += masses[index]!;
  if (!(total > 0)) return undefined;
  let left = random.uniform() * total;
  let last: number | undefined;
  for (let index = 0; index < masses.length; index++) {
    if (masses[index]! <= 0) continue;
    last = index;
    left -= masses[index]!;
    if (left < 0) return index;
  }
  // Rounding can leave a little at the end.
  return last;
}
