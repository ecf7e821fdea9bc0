import type { Matched } from '../matching/match-pieces.ts';
import type { Event } from '../matching/pursuit.ts';
import { synthesize } from '../matching/synthesize.ts';

/** A template that hardly ever comes without another one. */
export interface Companion {
  readonly unit: number;
  readonly companion: number;
  /** Samples from the unit's place to its companion's. */
  readonly lag: number;
  /** Part of the unit's spikes that come with it. */
  readonly share: number;
}

/** Lags of a neuron's own companion hardly jitter: counts within this many samples belong together. */
const JITTER = 1;

/**
 * Units most of whose spikes come with a spike of another unit at one and the same lag: half a waveform, the other half
 * of which a smaller template stands in for. Two neurons do not fire so; the unit's template should be both.
 */
export function companions({ bank, events }: Matched, share = 0.5): Companion[] {
  const { units, length } = bank;
  const width = 2 * length - 1;
  const counts = Array.from({ length: units }, () => 0);
  const lags = Array.from({ length: units * units }, () => new Float64Array(width));
  for (const list of events) {
    list.forEach((event, index) => {
      counts[event.unit]!++;
      for (const step of [-1, 1]) {
        for (let other = index + step; ; other += step) {
          const neighbour = list[other];
          if (neighbour === undefined || Math.abs(neighbour.place - event.place) >= length) break;
          if (neighbour.unit === event.unit) continue;
          const pair = event.unit * units + neighbour.unit;
          const lag = neighbour.place - event.place + length - 1;
          lags[pair]![lag]!++;
        }
      }
    });
  }
  const found: Companion[] = [];
  for (let unit = 0; unit < units; unit++) {
    let best: Companion | undefined;
    for (let companion = 0; companion < units; companion++) {
      const histogram = lags[unit * units + companion]!;
      for (let lag = 0; lag < width; lag++) {
        let together = 0;
        for (let near = Math.max(0, lag - JITTER); near <= Math.min(width - 1, lag + JITTER); near++) {
          together += histogram[near]!;
        }
        // Of lags that count the same spikes, the one in their middle.
        const part = (together + histogram[lag]! / 1e6) / counts[unit]!;
        // Of two that always come together, the larger one takes the smaller one in.
        const larger = bank.energies[unit]! > bank.energies[companion]!;
        if (part > Math.max(share, best?.share ?? 0) && (larger || counts[companion]! > 2 * counts[unit]!)) {
          best = { unit, companion, lag: lag - length + 1, share: Math.min(1, part) };
        }
      }
    }
    if (best !== undefined) found.push(best);
  }
  return found;
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
