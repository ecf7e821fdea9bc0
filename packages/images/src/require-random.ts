import { type Random, refuse } from '@unrolled/contracts';

/** A generator, else an error that says how to get one. */
export function requireRandom(random: Random): Random {
  if (typeof random?.split !== 'function') refuse('random', random, 'a generator, such as random(0)');
  return random;
}
