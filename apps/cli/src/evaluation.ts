import type { SpikeTruth } from '@unrolled/data';
import { compareSortings, type UnitComparison } from '@unrolled/metrics';
import { formatTable } from './table.ts';

/** How well a sorting found what is true: the content of metrics.json. */
export interface Evaluation {
  /** How far apart two spikes count as one, seconds. */
  readonly tolerance: number;
  /** One entry a true unit, matched one to one with the found ones. */
  readonly units: readonly UnitScore[];
  /** The same with every true unit found in pieces: the union of the found units that are mostly its spikes. */
  readonly together: readonly UnitScore[];
  /** Found units that no true unit is matched with. Real neurons, where the truth does not list all of them. */
  readonly unmatchedUnits: readonly number[];
}

export interface UnitScore extends Pick<UnitComparison, 'hits' | 'misses' | 'falsePositives'> {
  readonly unit: number;
  readonly matchedUnits: readonly number[];
  /** hits / (hits + misses + falsePositives) */
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
}

/** @param tolerance seconds */
export function evaluateSorting(
  truth: SpikeTruth,
  found: SpikeTruth & { readonly rate: number },
  tolerance: number,
): Evaluation {
  // Times are whole samples, so that a tolerance of 5 samples must not become 4.999…: 0.0003 s · 10 kHz is not 3.
  const samples = Math.round(tolerance * found.rate * 1e6) / 1e6;
  const units = compareSortings(truth, found, { tolerance: samples }).map(scoreOf);
  const matched = new Set(units.flatMap(({ matchedUnits }) => matchedUnits));
  return {
    tolerance,
    units,
    together: compareSortings(truth, found, { tolerance: samples, together: true }).map(scoreOf),
    unmatchedUnits: [...new Set(found.units)].filter((unit) => !matched.has(unit)).sort((a, b) => a - b),
  };
}

function scoreOf({ trueUnit, foundUnits, ...counts }: UnitComparison): UnitScore {
  return { unit: trueUnit, matchedUnits: foundUnits, ...counts };
}

/** The evaluation for people. The pieces of a unit have a line of their own where they tell another story. */
export function describeEvaluation({ units, together, unmatchedUnits, tolerance }: Evaluation): string {
  const rows = units.flatMap((score, index) => {
    const union = together[index]!;
    return union.matchedUnits.length > 1 ? [rowOf(score), rowOf(union)] : [rowOf(score)];
  });
  const header = ['true unit', 'matched', 'accuracy', 'hits', 'misses', 'false positives'];
  const lines = [formatTable(header, rows), `spikes within ${1000 * tolerance} ms of each other are one`];
  if (unmatchedUnits.length > 0) lines.push(`found units without a true one: ${unmatchedUnits.join(', ')}`);
  return lines.join('\n');
}

function rowOf({
  unit,
  matchedUnits,
  accuracy,
  hits,
  misses,
  falsePositives,
}: UnitScore): (string | number)[] {
  return [unit, matchedUnits.join('+') || '–', accuracy.toFixed(3), hits, misses, falsePositives];
}
