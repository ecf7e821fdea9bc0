import { requireInteger, requirePositive } from '@unrolled/contracts';
import { requireFigureOptions, requireLength, requireRange, requireValues } from './checks.ts';
import { extentOf, padded } from './extent.ts';
import { type FigureOptions, figure } from './figure.ts';
import { type SeriesName, seriesLegend } from './legend.ts';
import { type Projection, pathMark, pixel } from './mark.ts';
import { seriesColor } from './palette.ts';

/** Options of `scatterPlot`. */
export interface ScatterPlotOptions extends FigureOptions {
  /** With its unit. */
  readonly xLabel?: string | undefined;
  readonly yLabel?: string | undefined;
  /** The series of each point: chooses its colour. Default: one series. */
  readonly series?: ArrayLike<number> | undefined;
  /** Series to be put in the legend. */
  readonly seriesNames?: readonly SeriesName[] | undefined;
  /** Diameter of a point, px; or one for every series, by its number. Default 3.5, of more than 2000 points 2.5. */
  readonly size?: number | readonly number[] | undefined;
  /** Default: from the data. */
  readonly xRange?: readonly [number, number] | undefined;
  readonly yRange?: readonly [number, number] | undefined;
  /** At most so many points are drawn, evenly chosen. Default 20 000. */
  readonly maximumPoints?: number | undefined;
}

const optionNames = [
  'xLabel',
  'yLabel',
  'series',
  'seriesNames',
  'size',
  'xRange',
  'yRange',
  'maximumPoints',
];

/**
 * Points in the plane. Those of one series that fall on the same half pixel are drawn once.
 *
 * @throws UnrolledError where there is no point, a value is not finite, or lengths differ.
 * @example
 * scatterPlot([0, 1, 2], [40, 42, 39], { xLabel: 'Time (s)', yLabel: 'Amplitude (µV)' });
 */
export function scatterPlot(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: ScatterPlotOptions = {},
): string {
  requireFigureOptions('scatterPlot', options, optionNames);
  requireValues('x', x);
  requireValues('y', y);
  requireLength('y', y, x.length, 'x');
  const {
    width = 720,
    height = 260,
    title,
    xLabel = 'x',
    yLabel = 'y',
    size = x.length > 2000 ? 2.5 : 3.5,
    seriesNames = [],
  } = options;
  const series = options.series ?? new Uint8Array(x.length);
  requireLength('series', series, x.length, 'point');
  if (options.xRange) requireRange('xRange', options.xRange);
  if (options.yRange) requireRange('yRange', options.yRange);
  const every = Math.ceil(x.length / requireInteger('maximumPoints', options.maximumPoints ?? 20_000));
  const groups = new Map<number, number[]>();
  for (let point = 0; point < x.length; point += every) {
    const group = series[point]!;
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group)!.push(point);
  }
  return figure({
    width,
    height,
    title,
    legend: seriesLegend(seriesNames),
    plot: {
      marginLeft: 52,
      x: { label: xLabel, domain: options.xRange ?? padded(extentOf(x), 0.02) },
      y: { label: yLabel, domain: options.yRange ?? padded(extentOf(y)), nice: true, grid: true },
      marks: [...groups].map(([group, points]) =>
        pathMark(
          {
            stroke: seriesColor(group),
            'stroke-width': String(
              typeof size === 'number' ? size : requirePositive(`size[${group}]`, size[group]!),
            ),
            'stroke-linecap': 'round',
            'stroke-opacity': '0.8',
          },
          (projection) => dotPath(points, x, y, projection),
        ),
      ),
    },
  });
}

/** Dots as lines of no length with round ends, each place once. */
function dotPath(
  points: readonly number[],
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  { x, y }: Projection,
): string {
  const half = (value: number): string => pixel(Math.round(2 * value) / 2);
  return [...new Set(points.map((point) => `M${half(x(xs[point]!))},${half(y(ys[point]!))}h0`))].join('');
}
