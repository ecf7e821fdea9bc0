import { requireInteger, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import type { Rate } from './optimizer.ts';

/**
 * A rate that is multiplied by a factor every so many updates (PyTorch's StepLR): rate · factor^⌊(step − 1)/every⌋.
 *
 * @param rate of the first updates; > 0
 * @param options.every updates, ≥ 1: epochs times the batches of an epoch
 * @param options.factor > 0
 * @throws INVALID_ARGUMENT, NOT_FINITE, UNKNOWN_OPTION
 * @example
 * // A fifth less after every 25 epochs of 100 batches.
 * const optimizer = adam({ rate: stepDecay(1e-3, { every: 25 * 100, factor: 0.8 }) });
 */
export function stepDecay(
  rate: number,
  options: { readonly every: number; readonly factor: number },
): Exclude<Rate, number> {
  requireKnownOptions('stepDecay', options, ['every', 'factor']);
  requirePositive('rate', rate);
  const every = requireInteger('every', options.every);
  const factor = requirePositive('factor', options.factor);
  return (step) => rate * factor ** Math.floor((step - 1) / every);
}
