import type { SpikeTruth } from '@unrolled/data';
import { compareSortings, type UnitComparison, type UnitSpikes } from '@unrolled/metrics';
import { formatTable } from './table.ts';

/** How well a sorting found what is true. */
export interface Evaluation {
  /** How far apart two spikes count as one, seconds. */
  readonly tolerance: number;
  /** One entry a true unit, matched one to one with the found ones. */
  readonly units: readonly UnitComparison[];
  /** The same with every true unit found in pieces: the union of the found units that are mostly its spikes. */
  readonly together: readonly UnitComparison[];
  /** Found units that are no true one, nor a piece of one. Real neurons, where the truth does not list all of them. */
  readonly unmatchedUnits: readonly number[];
}

/**
 * @param rate of the times of both, Hz
 * @param tolerance seconds, inclusive
 */
export function evaluateSorting(
  truth: Pick<SpikeTruth, 'times' | 'units'>,
  found: UnitSpikes,
  rate: number,
  tolerance: number,
): Evaluation {
  // Times are whole samples, so that a tolerance of 3 samples must not become 2.999…: 0.0003 s · 10 kHz is not 3.
  const samples = Math.round(tolerance * rate * 1e6) / 1e6;
  const units = compareSortings(truth, found, { tolerance: samples });
  const together = compareSortings(truth, found, { tolerance: samples, together: true });
  const matched = new Set([...units, ...together].flatMap(({ foundUnits }) => foundUnits));
  return {
    tolerance,
    units,
    together,
    unmatchedUnits: [...new Set(Array.from(found.units))]
      .filter((unit) => !matched.has(unit))
      .sort((a, b) => a - b),
  };
}

/** The content of metrics.json. */
export function evaluationRecord(truth: string, evaluation: Evaluation): object {
  const { tolerance, units, together, unmatchedUnits } = evaluation;
  return {
    truth,
    tolerance,
    units: units.map(({ trueUnit, foundUnits, ...score }) => ({
      unit: trueUnit,
      matchedUnit: foundUnits[0] ?? null,
      ...score,
    })),
    together: together.map(({ trueUnit, foundUnits, ...score }) => ({
      unit: trueUnit,
      matchedUnits: foundUnits,
      ...score,
    })),
    unmatchedUnits,
  };
}

/** The evaluation for people. A unit that was found in pieces has a second line, with all of them. */
export function describeEvaluation({ units, together, unmatchedUnits, tolerance }: Evaluation): string {
  const rows = units.flatMap((score, index) => {
    const union = together[index]!;
    return union.accuracy > score.accuracy ? [rowOf(score), rowOf(union)] : [rowOf(score)];
  });
  const header = ['true unit', 'matched', 'accuracy', 'hits', 'misses', 'false positives'];
  const lines = [formatTable(header, rows), `spikes within ${1000 * tolerance} ms of each other are one`];
  if (unmatchedUnits.length > 0) lines.push(`found units without a true one: ${unmatchedUnits.join(', ')}`);
  return lines.join('\n');
}

function rowOf({
  trueUnit,
  foundUnits,
  accuracy,
  hits,
  misses,
  falsePositives,
}: UnitComparison): (string | number)[] {
  return [trueUnit, foundUnits.join('+') || '–', accuracy.toFixed(3), hits, misses, falsePositives];
}
