import type { Matched } from '../matching/match-pieces.ts';
import type { Event } from '../matching/pursuit.ts';
import { synthesize } from '../matching/synthesize.ts';
import { coincidences, JITTER } from './coincidences.ts';

/** A template that hardly ever comes without another one. */
export interface Companion {
  readonly unit: number;
  readonly companion: number;
  /** Samples from the unit's place to its companion's. */
  readonly lag: number;
  /** Part of the unit's spikes that come with it. */
  readonly share: number;
}

/**
 * Units most of whose spikes come with a spike of another unit at one and the same lag: half a waveform, the other half
 * of which a smaller template stands in for. Two neurons do not fire so; the unit's template should be both.
 */
export function companions(matched: Matched, share = 0.5): Companion[] {
  const { counts, most } = coincidences(matched);
  const { energies } = matched.bank;
  return counts.flatMap((count, unit) => {
    let best: Companion | undefined;
    counts.forEach((others, companion) => {
      if (companion === unit) return;
      const { lag, count: together } = most(unit, companion);
      const part = Math.min(1, together / count);
      // Of two that always come together, the larger one takes the smaller one in.
      const takes = energies[unit]! > energies[companion]! || others > 2 * count;
      if (takes && part > Math.max(share, best?.share ?? 0)) best = { unit, companion, lag, share: part };
    });
    return best === undefined ? [] : [best];
  });
}

/**
 * The same matching without these companions' spikes: what they explain goes back into the residual, from where it becomes
 * part of the waveform of the spike that they came with.
 */
export function absorbCompanions(matched: Matched, found: readonly Companion[]): Matched {
  if (found.length === 0) return matched;
  const { templates, channels } = matched.bank;
  const residuals = matched.residuals.map((residual) => residual.slice());
  const events = matched.events.map((list, piece) => {
    const absorbed = list.filter((event) => found.some((companion) => isCompanion(event, list, companion)));
    synthesize(absorbed, templates, channels, residuals[piece]!);
    return list.filter((event) => !absorbed.includes(event));
  });
  return { ...matched, events, residuals };
}

function isCompanion(event: Event, list: readonly Event[], { unit, companion, lag }: Companion): boolean {
  if (event.unit !== companion) return false;
  return list.some((other) => other.unit === unit && Math.abs(event.place - other.place - lag) <= JITTER);
}
