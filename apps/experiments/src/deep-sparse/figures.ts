import { arrange, type Curve, curvePlot } from '@unrolled/plots';
import { errorCurves } from './claims.ts';
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
        title: `${direction === 'forward' ? 'Forward' : 'Backward'}, ${series.hierarchy.name}`,
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
