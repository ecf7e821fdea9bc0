import { baselineReach, runningMean } from '../front/baseline.ts';
import type { Bank } from '../matching/bank.ts';
import type { Event } from '../matching/pursuit.ts';
import { synthesize } from '../matching/synthesize.ts';
import { refitTemplates } from './refit-templates.ts';

/** Each takes the spikes out of the baseline once more; what is left shrinks by how dense they are, a half at most. */
const ROUNDS = 3;

/**
 * Templates in the recording's own units, by least squares on the spikes found.
 *
 * The running mean that was taken off as baseline holds a part of the spikes, which would lower every template by a constant and
 * could move its largest deflection. So the baseline is taken of what the spikes leave: B(y − Σ a h) in place of B y, in rounds.
 *
 * @param own one a piece, `[time × used channels]`: `withoutBaseline`
 */
export function ownTemplates(
  own: readonly Float32Array[],
  events: readonly (readonly Event[])[],
  bank: Bank,
): Float32Array[] {
  const reach = baselineReach(bank.length);
  let signals = own;
  let templates = refitTemplates(signals, events, bank);
  for (let round = 1; round < ROUNDS; round++) {
    signals = own.map((signal, piece) => {
      const spikes = new Float32Array(signal.length);
      synthesize(events[piece]!, templates, bank.channels, spikes);
      const theirs = runningMean(spikes, bank.channels, reach);
      return signal.map((value, index) => value + theirs[index]!);
    });
    templates = refitTemplates(signals, events, bank);
  }
  return templates;
}
