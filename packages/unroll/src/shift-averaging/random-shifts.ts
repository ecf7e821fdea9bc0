import { type Random, refuse, requireInteger } from '@unrolled/contracts';
import type { BatchSource, Pair } from '../training/batches.ts';
import type { Shift } from './shift.ts';
import type { ShiftAveraged } from './shift-averaged.ts';

/** Signals, what the network should make of them, and the shifts that it is averaged over on the way. */
export interface ShiftedPair extends Pair {
  readonly shifts: readonly Shift[];
}

/**
 * Gives every batch a few random shifts, all different: the gradient over all of them is the mean of such gradients, and a step costs
 * `count` encoders in place of s².
 *
 * @param source batches of pairs
 * @param model the network, shift-averaged; lent
 * @param count shifts a batch, 1 to all
 * @throws INVALID_ARGUMENT for a count that is not between 1 and the number of shifts
 * @example
 * const batches = randomShifts(pairedMinibatches(noisy, clean, 4), shiftAveraged(network), 2);
 * for await (const event of train(network, batches, { stages: [{ name: 'all', train, loss: targetError(), optimizer }], epochs: 9 })) …
 */
export function randomShifts(
  source: BatchSource<Pair>,
  model: Pick<ShiftAveraged, 'shifts'>,
  count: number,
): BatchSource<ShiftedPair> {
  if (typeof source?.epoch !== 'function') refuse('source', source, 'a source of batches');
  const { shifts } = model;
  if (requireInteger('count', count) > shifts.length)
    refuse('count', count, `at most ${shifts.length} shifts`);
  return Object.freeze<BatchSource<ShiftedPair>>({
    ...(source.batches !== undefined && { batches: source.batches }),
    async *epoch(random: Random) {
      const draw = random.split('shifts');
      for await (const pair of source.epoch(random)) {
        const order = draw.permutation(shifts.length).subarray(0, count);
        yield { ...pair, shifts: Array.from(order, (index) => shifts[index]!) };
      }
    },
  });
}
