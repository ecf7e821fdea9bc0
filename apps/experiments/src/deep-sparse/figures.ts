import { arrange, type Curve, curvePlot } from '@unrolled/plots';
import { errorCurves, sparsityByLevel } from './claims.ts';
import type { Direction, Series } from './plan.ts';
import { near, type TrialResult } from './trial.ts';

/** What is drawn for an error of exactly zero, and below. */
const floor = 1e-4;

/** Every level's error against the number of examples, forward beside backward: the median over seeds. */
export function errorFigure(series: Series, trials: readonly TrialResult[]): string {
  const curves = errorCurves(series, trials);
  const panel = (direction: Direction): string =>
    curvePlot(
      curves
        .filter((curve) => curve.direction === direction)
        .map(
          ({ level, points }): Curve => ({
            name: `level ${level}`,
            x: points.map(({ examples }) => examples),
            y: points.map(({ median }) => Math.max(floor, median)),
          }),
        ),
      {
        title: `${capital(series.hierarchy.name)}, ${direction}`,
        xLabel: 'Examples',
        yLabel: 'Mean error of atoms',
        xScale: 'log',
        yScale: 'log',
        yRange: [yFloor(curves.flatMap(({ points }) => points.map(({ median }) => median))), 1],
        levels: [near],
        width: 460,
        height: 300,
      },
    );
  return arrange([series.directions.map(panel)]);
}

const yFloor = (errors: readonly number[]): number =>
  10 ** Math.floor(Math.log10(Math.max(floor, Math.min(...errors))));

/** The share of a level's atoms that a code uses: true, and as learned. */
export function sparsityFigure(
  runs: readonly { readonly of: Series; readonly trials: readonly TrialResult[] }[],
): string {
  const panels = runs.map(({ of, trials }) => {
    const levels = sparsityByLevel(of, trials);
    const curve = (name: string, entries: (level: (typeof levels)[number]) => number): Curve => ({
      name,
      x: levels.map(({ level }) => level),
      y: levels.map((level) => (100 * entries(level)) / level.atoms),
    });
    return curvePlot(
      [
        ...of.directions.map((direction, index) => ({
          ...curve(`learned ${direction}`, ({ learned }) => learned[index]!),
          dashed: index > 0,
        })),
        curve('true', ({ truth }) => truth),
      ],
      {
        title: capital(of.hierarchy.name),
        xLabel: 'Level',
        yLabel: 'Atoms that a code uses (%)',
        yRange: [0, 1.1 * Math.max(...levels.map(({ truth, atoms }) => (100 * truth) / atoms))],
        width: 460,
        height: 280,
      },
    );
  });
  return arrange([panels]);
}

export const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
