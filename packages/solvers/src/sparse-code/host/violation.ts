import type { CodeSpace } from '../code-space.ts';

/**
 * How far an entry x is from the Karush–Kuhn–Tucker conditions, in parts of its weight, given c = (Aᵀ (y − A x) − ridge·x):
 *
 *     x > 0: |c − above|      x < 0: |c + below|      x = 0: what of c is outside [−below, above]
 *
 * A part of `below` where x < 0 or c < −below, of `above` elsewhere.
 */
export function violationOf(
  { above, below }: CodeSpace,
  atom: number,
  x: number,
  correlation: number,
): number {
  const [up, down] = [above[atom]!, below[atom]!];
  if (x > 0) return Math.abs(correlation - up) / up;
  if (x < 0) return Math.abs(correlation + down) / down;
  return Math.max(0, correlation / up - 1, -correlation / down - 1);
}
