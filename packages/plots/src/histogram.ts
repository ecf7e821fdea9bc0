import { ruleX, ruleY, text } from '@observablehq/plot';
import { requireFinite, requirePositive } from '@unrolled/contracts';
import { barPath } from './bars.ts';
import { requireFigureOptions, requireRange, requireValues } from './checks.ts';
import { extentOf } from './extent.ts';
import { type FigureOptions, figure } from './figure.ts';
import { pathMark } from './mark.ts';
import { accentColor, seriesColor } from './palette.ts';

/** Options of `histogram`. */
export interface HistogramOptions extends FigureOptions {
  /** With its unit: `'Inter-spike interval (ms)'`. */
  readonly xLabel?: string | undefined;
  /** Default `'Count'`. */
  readonly yLabel?: string | undefined;
  /** Values from which to which; others are left out. Default: all. */
  readonly range?: readonly [number, number] | undefined;
  /** Width of a bin. Default: a fiftieth of the range. */
  readonly binWidth?: number | undefined;
  /** A line at a value; what lies below it is drawn in the accent colour. */
  readonly threshold?: { readonly at: number; readonly label: string } | undefined;
  /** Chooses the colour. Default 0. */
  readonly series?: number | undefined;
}

/**
 * How often values fall into bins of one width.
 *
 * @throws UnrolledError where there is no value, one is not finite, or the bins have no width.
 * @example
 * histogram([1, 2, 2, 3, 7], { xLabel: 'Inter-spike interval (ms)', binWidth: 1, threshold: { at: 2, label: '2 ms' } });
 */
export function histogram(values: ArrayLike<number>, options: HistogramOptions = {}): string {
  requireFigureOptions('histogram', options, [
    'xLabel',
    'yLabel',
    'range',
    'binWidth',
    'threshold',
    'series',
  ]);
  requireValues('values', values);
  if (options.range) requireRange('range', options.range);
  const [least, greatest] = extentOf(values);
  const [low, high] = options.range ?? [least, greatest === least ? least + 1 : greatest];
  const binWidth = requirePositive('binWidth', options.binWidth ?? (high - low) / 50);
  const {
    width = 360,
    height = 220,
    title,
    xLabel = 'Value',
    yLabel = 'Count',
    threshold,
    series = 0,
  } = options;
  if (threshold) requireFinite('threshold.at', threshold.at);

  const counts = binned(values, low, high, binWidth);
  const most = Math.max(1, ...counts);
  const edge = low + counts.length * binWidth;
  const bars = (color: string, from: number, to: number) =>
    pathMark({ fill: color, stroke: 'none' }, (projection) =>
      barPath(
        counts.map((count, bin) => ({
          from: low + bin * binWidth,
          to: low + (bin + 1) * binWidth,
          height: count,
        })),
        projection,
        from,
        to,
      ),
    );
  const split = threshold?.at ?? Number.NEGATIVE_INFINITY;
  return figure({
    width,
    height,
    title,
    plot: {
      marginLeft: 48,
      x: { label: xLabel, domain: [low, edge], ticks: Math.max(3, Math.round(width / 70)) },
      y: { label: yLabel, domain: [0, most], nice: true, ticks: 4 },
      marks: [
        bars(accentColor, Number.NEGATIVE_INFINITY, split),
        bars(seriesColor(series), split, Number.POSITIVE_INFINITY),
        ruleY([0]),
        ...(threshold && split > low && split < edge
          ? [
              ruleX([split], { strokeDasharray: '3 3' }),
              text([threshold.label], { x: split, frameAnchor: 'top', textAnchor: 'start', dx: 2, dy: -12 }),
            ]
          : []),
      ],
    },
  });
}

/** Counts of bins `[low + k·binWidth, low + (k + 1)·binWidth)`, the last with its upper edge. */
function binned(values: ArrayLike<number>, low: number, high: number, binWidth: number): number[] {
  const counts = new Array<number>(Math.max(1, Math.ceil((high - low) / binWidth - 1e-9))).fill(0);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value < low || value > high) continue;
    counts[Math.min(counts.length - 1, Math.floor((value - low) / binWidth))]!++;
  }
  return counts;
}
