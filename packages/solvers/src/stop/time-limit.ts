import { requirePositive } from '@unrolled/contracts';
import type { StopRule } from './rule.ts';

/**
 * Stops after the first iteration that ends this long after the start.
 *
 * @param seconds a number > 0
 */
export function timeLimit(seconds: number): StopRule {
  requirePositive('timeLimit', seconds);
  return Object.freeze({
    name: 'timeLimit',
    begin: () => ({ reached: (_: number, elapsed: number) => elapsed >= seconds }),
  });
}
