import { dot, line, ruleX, ruleY } from '@observablehq/plot';
import { refuse, requireOneOf } from '@unrolled/contracts';
import { requireFigureOptions, requireLength, requireRange, requireSome, requireValues } from './checks.ts';
import { extentOf, padded, unionOf } from './extent.ts';
import { type FigureOptions, figure } from './figure.ts';
import { seriesColor } from './palette.ts';
import { ticksOf } from './ticks.ts';

/** Measured points of one curve, in the order in which they are joined. */
export interface Curve {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** In the legend. */
  readonly name?: string | undefined;
  readonly dashed?: boolean | undefined;
  /** A dot at every point. Default: where there are at most 60. */
  readonly dots?: boolean | undefined;
}

/** Options of `curvePlot`. */
export interface CurvePlotOptions extends FigureOptions {
  /** With its unit. */
  readonly xLabel?: string | undefined;
  readonly yLabel?: string | undefined;
  /** Default `'linear'`. */
  readonly xScale?: 'linear' | 'log' | undefined;
  readonly yScale?: 'linear' | 'log' | undefined;
  /** Default: from the data. */
  readonly xRange?: readonly [number, number] | undefined;
  readonly yRange?: readonly [number, number] | undefined;
  /** Levels to compare with, as dashed lines across. */
  readonly levels?: readonly number[] | undefined;
}

const optionNames = ['xLabel', 'yLabel', 'xScale', 'yScale', 'xRange', 'yRange', 'levels'];

/**
 * Curves through measured points, on linear or logarithmic axes: learning curves, error against noise, miss against false
 * alarm.
 *
 * @throws UnrolledError where there is no curve, one is empty or not finite, or a value ≤ 0 is to stand on a log axis.
 * @example
 * curvePlot([{ name: 'loss', x: [1, 2, 3], y: [1, 0.3, 0.1] }], { xLabel: 'Epoch', yLabel: 'Loss', yScale: 'log' });
 */
export function curvePlot(curves: readonly Curve[], options: CurvePlotOptions = {}): string {
  requireFigureOptions('curvePlot', options, optionNames);
  requireSome('curves', curves);
  const { xScale = 'linear', yScale = 'linear', title, width = 480, height = 280, levels = [] } = options;
  requireOneOf('xScale', xScale, ['linear', 'log']);
  requireOneOf('yScale', yScale, ['linear', 'log']);
  for (const [index, { x, y }] of curves.entries()) {
    requireAxis(`curves[${index}].x`, x, xScale);
    requireAxis(`curves[${index}].y`, y, yScale);
    requireLength(`curves[${index}].y`, y, x.length, 'x');
  }
  if (levels.length > 0) requireAxis('levels', levels, yScale);
  const xRange =
    options.xRange ??
    axisRange(
      curves.map(({ x }) => extentOf(x)),
      xScale,
    );
  const yRange =
    options.yRange ??
    axisRange(
      [...curves.map(({ y }) => extentOf(y)), ...levels.map((level) => [level, level] as const)],
      yScale,
    );
  requireRange('xRange', xRange);
  requireRange('yRange', yRange);
  // No tick between whole numbers: there is no epoch 1.5.
  const xTicks = curves.every(({ x }) => Array.from(x).every(Number.isInteger))
    ? Math.max(1, Math.min(Math.round(width / 80), Math.floor(xRange[1] - xRange[0])))
    : Math.round(width / 80);
  const frame = { nice: false, grid: true } as const;
  return figure({
    width,
    height,
    title,
    legend: curves.flatMap(({ name, dashed }, index) =>
      name === undefined ? [] : [{ name, color: seriesColor(index), dashed }],
    ),
    plot: {
      marginLeft: 56,
      x: {
        ...frame,
        type: xScale,
        label: options.xLabel ?? 'x',
        domain: xRange,
        ...ticksOf(xRange, xScale, xTicks),
      },
      y: {
        ...frame,
        type: yScale,
        label: options.yLabel ?? 'y',
        domain: yRange,
        ...ticksOf(yRange, yScale, Math.round(height / 45)),
      },
      marks: [
        ruleX([xRange[0]], { strokeOpacity: 0.4 }),
        ruleY([yRange[0]], { strokeOpacity: 0.4 }),
        ruleY(levels, { strokeDasharray: '2 3', strokeOpacity: 0.8 }),
        ...curves.flatMap(({ x, y, dashed, dots = x.length <= 60 }, index) => {
          const points = Array.from({ length: x.length }, (_, point) => ({ x: x[point]!, y: y[point]! }));
          const place = { x: 'x', y: 'y' } as const;
          return [
            line(points, {
              ...place,
              stroke: seriesColor(index),
              strokeWidth: 1.8,
              ...(dashed ? { strokeDasharray: '5 3' } : {}),
            }),
            ...(dots ? [dot(points, { ...place, fill: seriesColor(index), r: 2.5 })] : []),
          ];
        }),
      ],
    },
  });
}

function requireAxis(name: string, values: ArrayLike<number>, scale: 'linear' | 'log'): void {
  requireValues(name, values);
  if (scale === 'log' && extentOf(values)[0] <= 0)
    refuse(name, extentOf(values)[0], 'values > 0 on a logarithmic axis');
}

function axisRange(
  extents: readonly (readonly [number, number])[],
  scale: 'linear' | 'log',
): [number, number] {
  const [low, high] = unionOf(extents);
  if (scale === 'linear') return padded([low, high]);
  const [from, to] = padded([Math.log10(low), Math.log10(high)]);
  return [10 ** from, 10 ** to];
}
