import type { Matched } from '../matching/match-pieces.ts';

/** Lags between the halves of one waveform hardly jitter: counts within this many samples belong together. */
export const JITTER = 1;

/** How often the spikes of two units come at one and the same lag. */
export interface Coincidence {
  /** Samples from the one's place to the other's. */
  readonly lag: number;
  /** Spikes of the one that have one of the other there. */
  readonly count: number;
}

/** What coincides in a matching. */
export interface Coincidences {
  /** Spikes of each unit. */
  readonly counts: readonly number[];
  /** The lag at which most spikes of `unit` have one of `other`, within a template's length. */
  most(unit: number, other: number): Coincidence;
}

/** Counts how the spikes of all pairs of units lie to each other. */
export function coincidences({ bank, events }: Matched): Coincidences {
  const { units, length } = bank;
  const width = 2 * length - 1;
  const counts = new Array<number>(units).fill(0);
  const lags = Array.from({ length: units * units }, () => new Int32Array(width));
  for (const list of events) {
    list.forEach((event, index) => {
      counts[event.unit]!++;
      for (const step of [-1, 1]) {
        for (let other = index + step; ; other += step) {
          const neighbour = list[other];
          if (neighbour === undefined || Math.abs(neighbour.place - event.place) >= length) break;
          if (neighbour.unit === event.unit) continue;
          lags[event.unit * units + neighbour.unit]![neighbour.place - event.place + length - 1]!++;
        }
      }
    });
  }
  const most = (unit: number, other: number): Coincidence => {
    const histogram = lags[unit * units + other]!;
    let best = { lag: 0, count: 0, exact: 0 };
    for (let lag = 0; lag < width; lag++) {
      let count = 0;
      for (let near = Math.max(0, lag - JITTER); near <= Math.min(width - 1, lag + JITTER); near++) {
        count += histogram[near]!;
      }
      // Of lags that count the same spikes, the one in their middle.
      if (count > best.count || (count === best.count && histogram[lag]! > best.exact)) {
        best = { lag: lag - length + 1, count, exact: histogram[lag]! };
      }
    }
    return best;
  };
  return Object.freeze({ counts, most });
}

/**
 * What part of each unit's spikes come at a fixed lag with spikes of larger units, summed over those: near 0 for a neuron, near 1
 * for what a filter or a template that is too short leaves beside large spikes.
 */
export function satelliteShares(matched: Matched): number[] {
  const { counts, most } = coincidences(matched);
  const { energies } = matched.bank;
  return counts.map((count, unit) => {
    const together = energies.reduce(
      (sum, energy, other) =>
        sum + (other !== unit && energy > energies[unit]! ? most(unit, other).count : 0),
      0,
    );
    return count > 0 ? Math.min(1, together / count) : 0;
  });
}
