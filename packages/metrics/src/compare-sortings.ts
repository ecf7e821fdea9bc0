import { requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import { assign } from './assignment.ts';
import { matchSpikeTrains, type SpikeMatch } from './spike-matching.ts';

/** Spikes with the unit of each. */
export interface UnitSpikes {
  /** `[spikes]`, in any order. */
  readonly times: ArrayLike<number>;
  /** `[spikes]`: whole numbers that name the units. */
  readonly units: ArrayLike<number>;
}

/** How well one true unit was found. */
export interface UnitComparison {
  readonly trueUnit: number;
  /** The found units that stand for it: none, one, or with `together` several. */
  readonly foundUnits: readonly number[];
  readonly hits: number;
  readonly misses: number;
  readonly falsePositives: number;
  /** hits / (hits + misses + falsePositives) */
  readonly accuracy: number;
  /** hits / (hits + falsePositives); 0 where nothing was found. */
  readonly precision: number;
  /** hits / (hits + misses) */
  readonly recall: number;
}

/**
 * Compares a sorting with the truth, unit by unit.
 *
 * Every pair of a true and a found unit is matched spike by spike (`matchSpikeTrains`); units are then matched one to one so
 * that the accuracies hits / (hits + misses + false positives) have the largest sum. A pair without a hit is no match.
 *
 * With `together`, a true unit may be found in pieces: each found unit goes to the true unit with which it shares the most
 * spikes, if these are at least half of its own, and the pieces of a true unit are compared with it as one train.
 *
 * @param options.tolerance how far apart two matched spikes may be, inclusive, in the unit of the times
 * @param options.together default false
 * @returns one entry a true unit, ascending
 * @example
 * const truth = { times: [10, 20, 30], units: [0, 0, 1] };
 * compareSortings(truth, { times: [11, 20, 90], units: [7, 7, 8] }, { tolerance: 2 })[0]?.foundUnits // [7]
 */
export function compareSortings(
  truth: UnitSpikes,
  found: UnitSpikes,
  options: { readonly tolerance: number; readonly together?: boolean },
): readonly UnitComparison[] {
  requireKnownOptions('options', options, ['tolerance', 'together']);
  const { tolerance, together = false } = options;
  const trueTrains = trainsOf('truth', truth);
  const foundTrains = trainsOf('found', found);
  const matches = trueTrains.map(({ times }) =>
    foundTrains.map((train) => matchSpikeTrains(times, train.times, { tolerance })),
  );
  const groups = (together ? pieces : partners)(matches, foundTrains.length);
  return trueTrains.map(({ unit, times }, row) => {
    const parts = groups[row]!.map((column) => foundTrains[column]!);
    const match = matchSpikeTrains(
      times,
      parts.flatMap((part) => part.times),
      { tolerance },
    );
    const { hits, misses, falseAlarms } = match;
    return Object.freeze({
      trueUnit: unit,
      foundUnits: Object.freeze(parts.map((part) => part.unit)),
      hits,
      misses,
      falsePositives: falseAlarms,
      accuracy: accuracyOf(match),
      precision: hits === 0 ? 0 : hits / (hits + falseAlarms),
      recall: hits / (hits + misses),
    });
  });
}

/** The found unit of each true one, by the best assignment. */
function partners(matches: readonly (readonly SpikeMatch[])[]): readonly (readonly number[])[] {
  const columns = assign(matches.map((row) => row.map(accuracyOf)));
  return matches.map((row, index) => (row[columns[index]!]?.hits ? [columns[index]!] : []));
}

/** The found units that are pieces of each true one. */
function pieces(
  matches: readonly (readonly SpikeMatch[])[],
  foundUnits: number,
): readonly (readonly number[])[] {
  const groups = matches.map((): number[] => []);
  for (let column = 0; column < foundUnits; column++) {
    const shared = matches.map((row) => row[column]!);
    const best = shared.reduce((most, match, row) => (match.hits > shared[most]!.hits ? row : most), 0);
    const match = shared[best];
    if (match && match.hits > 0 && match.hits >= match.falseAlarms) groups[best]!.push(column);
  }
  return groups;
}

function accuracyOf({ hits, misses, falseAlarms }: SpikeMatch): number {
  return hits === 0 ? 0 : hits / (hits + misses + falseAlarms);
}

interface Train {
  readonly unit: number;
  readonly times: readonly number[];
}

function trainsOf(name: string, { times, units }: UnitSpikes): readonly Train[] {
  if (times.length !== units.length) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${name}: expected as many units as times (${times.length}), got ${units.length}`,
    );
  }
  const trains = new Map<number, number[]>();
  for (let spike = 0; spike < times.length; spike++) {
    const unit = units[spike]!;
    const train = trains.get(unit);
    if (train) train.push(times[spike]!);
    else trains.set(unit, [times[spike]!]);
  }
  return [...trains].map(([unit, train]) => ({ unit, times: train })).sort((a, b) => a.unit - b.unit);
}
