import { median } from '../markdown.ts';
import type { Direction, Series } from './plan.ts';
import { near, type TrialResult } from './trial.ts';

/** A level's error against the number of examples: over seeds. */
export interface ErrorCurve {
  readonly direction: Direction;
  /** From 1, the data-facing one. */
  readonly level: number;
  readonly points: readonly ErrorPoint[];
}

export interface ErrorPoint {
  readonly examples: number;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** The share of atoms that are found: the median. */
  readonly found: number;
}

/** Every level's curve, either direction: as far as it was run. */
export function errorCurves(
  { hierarchy, directions, examples: counts }: Series,
  trials: readonly TrialResult[],
): ErrorCurve[] {
  return directions.flatMap((direction) =>
    hierarchy.atoms.map((_, index) => ({
      direction,
      level: index + 1,
      points: counts.flatMap((examples) => {
        const own = trials.filter((trial) => trial.direction === direction && trial.examples === examples);
        if (own.length === 0) return [];
        const errors = own.map((trial) => trial.errors[index]!);
        return [
          {
            examples,
            median: median(errors),
            least: Math.min(...errors),
            most: Math.max(...errors),
            found: median(own.map((trial) => trial.found[index]!)),
          },
        ];
      }),
    })),
  );
}

/** The fewest examples from which on a level's error, the median over seeds, stays below `near`; undefined where it never does. */
export function examplesNeeded({ points }: ErrorCurve): number | undefined {
  const last = points.findLastIndex(({ median: error }) => error >= near);
  return points[last + 1]?.examples;
}

/** What the codes and atoms of one level are like, where most examples were learned from: means over seeds. */
export interface LevelSparsity {
  readonly level: number;
  readonly atoms: number;
  /** Entries of a code that are not zero: true, and as learned in each direction. */
  readonly truth: number;
  readonly learned: readonly number[];
  /** Entries of a column: as learned. */
  readonly fields: readonly number[];
}

/** Sparsity by level, the learned values in the order of the directions. */
export function sparsityByLevel(
  { hierarchy, directions }: Series,
  trials: readonly TrialResult[],
): LevelSparsity[] {
  const own = directions.map((direction) => withMost(trials, direction));
  return hierarchy.atoms.map((atoms, index) => ({
    level: index + 1,
    atoms,
    truth: mean(own.flat().map(({ truth }) => truth.mean[index]!)),
    learned: own.map((list) => mean(list.map(({ learned }) => learned.mean[index]!))),
    fields: own.map((list) => mean(list.map(({ fields }) => fields[index]!))),
  }));
}

/** The trials of a direction that had the most examples. */
export function withMost(trials: readonly TrialResult[], direction: Direction): TrialResult[] {
  const own = trials.filter((trial) => trial.direction === direction);
  const most = Math.max(...own.map(({ examples }) => examples));
  return own.filter(({ examples }) => examples === most);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
