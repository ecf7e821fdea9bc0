import { requireInteger } from '@unrolled/contracts';
import type { StopRule } from './rule.ts';

/**
 * Stops after exactly this many iterations.
 *
 * @param count a whole number ≥ 1
 */
export function maxIterations(count: number): StopRule {
  requireInteger('maxIterations', count);
  return Object.freeze({
    name: 'maxIterations',
    begin: () => ({ reached: (iterations: number) => iterations >= count }),
  });
}
