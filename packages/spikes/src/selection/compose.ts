import { type Bank, bankOf } from '../matching/bank.ts';
import type { Matched } from '../matching/match-pieces.ts';
import type { Event } from '../matching/pursuit.ts';

/** A template that hardly ever comes without another one. */
export interface Companion {
  readonly unit: number;
  readonly companion: number;
  /** Samples from the unit's place to its companion's. */
  readonly lag: number;
  /** Part of the unit's spikes that come with it. */
  readonly share: number;
  /** Mean amplitude of the companion there. */
  readonly amplitude: number;
}

/** Lags of a neuron's own companion hardly jitter: counts within this many samples belong together. */
const JITTER = 1;

/**
 * Units most of whose spikes come with a spike of another unit at one and the same lag: half a waveform, the other half
 * of which a smaller template stands in for. Two neurons do not fire so; the unit's template should be the sum of both.
 */
export function companions({ bank, events }: Matched, share = 0.5): Companion[] {
  const { units, length } = bank;
  const width = 2 * length - 1;
  const counts = Array.from({ length: units }, () => 0);
  const lags = Array.from({ length: units * units }, () => new Float64Array(width));
  const sums = Array.from({ length: units * units }, () => new Float64Array(width));
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
          sums[pair]![lag]! += neighbour.amplitude;
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
        let amplitude = 0;
        for (let near = Math.max(0, lag - JITTER); near <= Math.min(width - 1, lag + JITTER); near++) {
          together += histogram[near]!;
          amplitude += sums[unit * units + companion]![near]!;
        }
        const part = together / counts[unit]!;
        // Of two that always come together, the larger one takes the smaller one in.
        const larger = bank.energies[unit]! > bank.energies[companion]!;
        if (part > Math.max(share, best?.share ?? 0) && (larger || counts[companion]! > 2 * counts[unit]!)) {
          best = { unit, companion, lag: lag - length + 1, share: part, amplitude: amplitude / together };
        }
      }
    }
    if (best !== undefined) found.push(best);
  }
  return found;
}

/** The same matching with every such unit whole: its template is the sum, its companions' spikes are part of its own. */
export function absorbCompanions(matched: Matched, found: readonly Companion[]): Matched {
  const { bank, events } = matched;
  const templates = bank.templates.slice();
  let lists = events;
  for (const companion of found) {
    templates[companion.unit] = composed(bank, companion);
    lists = lists.map((list) => list.filter((event) => !isCompanion(event, list, companion)));
  }
  return { ...matched, bank: bankOf(templates, bank.channels), events: lists };
}

function isCompanion(event: Event, list: readonly Event[], { unit, companion, lag }: Companion): boolean {
  if (event.unit !== companion) return false;
  return list.some((other) => other.unit === unit && Math.abs(event.place - other.place - lag) <= JITTER);
}

/** template + amplitude · companion, within the template's length. */
function composed(
  { templates, channels }: Bank,
  { unit, companion, lag, amplitude }: Companion,
): Float32Array {
  const sum = templates[unit]!.slice();
  const other = templates[companion]!;
  const offset = lag * channels;
  for (let i = Math.max(0, -offset); i < Math.min(other.length, sum.length - offset); i++) {
    sum[offset + i]! += amplitude * other[i]!;
  }
  return sum;
}
