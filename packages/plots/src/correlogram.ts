import { ruleX, ruleY } from '@observablehq/plot';
import { refuse, requirePositive } from '@unrolled/contracts';
import { barPath } from './bars.ts';
import { requireFigureOptions, requireValues } from './checks.ts';
import { type FigureOptions, figure } from './figure.ts';
import { pathMark } from './mark.ts';
import { seriesColor } from './palette.ts';

/** The lags of a correlogram. */
export interface CorrelogramWindow {
  /** Lags from −window to window, s. Default 0.05. */
  readonly window?: number | undefined;
  /** Width of a bin, s. Default 0.001. */
  readonly binWidth?: number | undefined;
}

/** How often a spike of one train follows one of another at each lag. */
export interface CorrelogramCounts {
  /** Middles of the bins, s; one of them is 0. */
  readonly lags: Float64Array;
  readonly counts: Float64Array;
}

/**
 * Counts pairs of spikes by their lag, t_other − t: `counts[k] = #{(t, s) : |s − t − lags[k]| ≤ binWidth / 2}`. Without another
 * train it is the autocorrelogram, and a spike is not paired with itself. Linear in the number of pairs within the window.
 *
 * @param times seconds, ascending
 * @param other seconds, ascending
 * @throws UnrolledError where a time is not finite or not in order.
 */
export function correlogramCounts(
  times: ArrayLike<number>,
  other?: ArrayLike<number>,
  { window = 0.05, binWidth = 0.001 }: CorrelogramWindow = {},
): CorrelogramCounts {
  requirePositive('window', window);
  requirePositive('binWidth', binWidth);
  requireAscending('times', times);
  if (other) requireAscending('other', other);
  const second = other ?? times;
  const side = Math.max(1, Math.round(window / binWidth));
  const reach = (side + 0.5) * binWidth;
  const counts = new Float64Array(2 * side + 1);
  let first = 0;
  for (let i = 0; i < times.length; i++) {
    while (first < second.length && second[first]! < times[i]! - reach) first++;
    for (let j = first; j < second.length; j++) {
      const lag = second[j]! - times[i]!;
      if (lag > reach) break;
      if (other === undefined && i === j) continue;
      const bin = Math.round(lag / binWidth) + side;
      if (bin >= 0 && bin < counts.length) counts[bin]!++;
    }
  }
  return { lags: Float64Array.from(counts, (_, bin) => (bin - side) * binWidth), counts };
}

/** Options of `correlogram`. */
export interface CorrelogramOptions extends FigureOptions, CorrelogramWindow {
  /** The other train for a cross-correlogram, seconds, ascending. Default: the train itself. */
  readonly other?: ArrayLike<number> | undefined;
  /** Chooses the colour. Default 0. */
  readonly series?: number | undefined;
}

/**
 * The auto- or cross-correlogram of spike trains as bars: a gap at zero is a refractory period.
 *
 * @throws UnrolledError where a train is empty, not finite or not in order.
 * @example
 * correlogram([0.01, 0.031, 0.05], { window: 0.05, binWidth: 0.005 });
 */
export function correlogram(times: ArrayLike<number>, options: CorrelogramOptions = {}): string {
  requireFigureOptions('correlogram', options, ['window', 'binWidth', 'other', 'series']);
  requireValues('times', times);
  if (options.other) requireValues('other', options.other);
  const { lags, counts } = correlogramCounts(times, options.other, options);
  const half = (lags[1]! - lags[0]!) / 2;
  const { width = 360, height = 220, title, series = 0 } = options;
  return figure({
    width,
    height,
    title,
    plot: {
      marginLeft: 48,
      x: { label: 'Lag (ms)', domain: [1000 * (lags[0]! - half), 1000 * (lags.at(-1)! + half)] },
      y: { label: 'Pairs', domain: [0, Math.max(1, ...counts)], nice: true, ticks: 4 },
      marks: [
        pathMark({ fill: seriesColor(series), stroke: 'none' }, (projection) =>
          barPath(
            Array.from(lags, (lag, bin) => ({
              from: 1000 * (lag - half),
              to: 1000 * (lag + half),
              height: counts[bin]!,
            })),
            projection,
          ),
        ),
        ruleX([0], { strokeOpacity: 0.4 }),
        ruleY([0]),
      ],
    },
  });
}

function requireAscending(name: string, times: ArrayLike<number>): void {
  for (let index = 0; index < times.length; index++) {
    if (!Number.isFinite(times[index]!)) requireValues(name, times);
    if (index > 0 && times[index]! < times[index - 1]!) {
      refuse(name, `${times[index]} after ${times[index - 1]} at index ${index}`, 'ascending times');
    }
  }
}
