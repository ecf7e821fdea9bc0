import { areaY, ruleX, ruleY, text } from '@observablehq/plot';
import { requireFigureOptions, requireLength, requireSome, requireValues } from './checks.ts';
import { type CorrelogramWindow, correlogramCounts } from './correlogram.ts';
import { brief } from './extent.ts';
import { type FigureOptions, figure } from './figure.ts';
import { ink, seriesColor } from './palette.ts';

/** Options of `correlogramMatrix`. */
export interface CorrelogramMatrixOptions extends FigureOptions, CorrelogramWindow {
  /** One a train: chooses the colours. Default 0, 1, … */
  readonly series?: readonly number[] | undefined;
  /** One a train. Default `0`, `1`, … */
  readonly names?: readonly string[] | undefined;
}

/**
 * Autocorrelograms on the diagonal, in the colours of the units; above it the cross-correlograms of every pair (below it they
 * would be the same, mirrored). Every cell has its own height; the number in it is the pairs of its highest bin.
 *
 * @param trains seconds, ascending
 * @throws UnrolledError where there is no train, or one is empty, not finite or not in order.
 * @example
 * correlogramMatrix([[0.01, 0.05], [0.012, 0.052]], { window: 0.02 });
 */
export function correlogramMatrix(
  trains: readonly ArrayLike<number>[],
  options: CorrelogramMatrixOptions = {},
): string {
  requireFigureOptions('correlogramMatrix', options, ['names', 'series', 'window', 'binWidth']);
  requireSome('trains', trains);
  for (const [index, train] of trains.entries()) requireValues(`trains[${index}]`, train);
  const names = options.names ?? trains.map((_, index) => String(index));
  requireLength('names', names, trains.length, 'train');
  const series = options.series ?? trains.map((_, index) => index);
  requireLength('series', series, trains.length, 'train');

  const cells = trains.flatMap((train, row) =>
    trains.slice(row).map((other, offset) => {
      const { lags, counts } = correlogramCounts(train, offset === 0 ? undefined : other, options);
      return { row, column: row + offset, lags, counts, most: Math.max(...counts) };
    }),
  );
  const edges = cells.flatMap(({ row, column, lags, counts, most }) => {
    const half = (lags[1]! - lags[0]!) / 2;
    const at = (bin: number, side: number) => ({
      row,
      column,
      lag: 1000 * (lags[bin]! + side * half),
      part: most === 0 ? 0 : counts[bin]! / most,
    });
    return Array.from(lags, (_, bin) => [at(bin, -1), at(bin, 1)]).flat();
  });
  const [low, high] = [edges[0]!.lag, edges.at(-1)!.lag];
  // Numbers of neighbouring cells would run into each other.
  const crowded = trains.length > 6;
  const { title, width = Math.min(960, 120 + 150 * trains.length) } = options;
  const height =
    options.height ??
    70 + (title ? 20 : 0) + trains.length * Math.min(120, Math.max(54, 640 / trains.length));
  const longest = Math.max(...names.map(({ length }) => length));
  const place = { fx: 'column', fy: 'row' } as const;
  return figure({
    width,
    height,
    title,
    plot: {
      marginTop: 30,
      marginLeft: 12,
      marginRight: 16 + 6.4 * longest,
      x: crowded
        ? { label: `Lag (ms), ±${brief(1000 * cells[0]!.lags.at(-1)!)}`, ticks: [0], domain: [low, high] }
        : { label: 'Lag (ms)', ticks: 3, domain: [low, high] },
      y: { label: null, axis: null, domain: [0, 1.18] },
      fx: { label: null, tickFormat: (column: number) => names[column]!, padding: 0.08 },
      fy: { label: null, axis: 'right', tickFormat: (row: number) => names[row]!, padding: 0.1 },
      color: { type: 'identity' },
      marks: [
        areaY(edges, {
          ...place,
          x: 'lag',
          y1: 0,
          y2: 'part',
          z: null,
          fillOpacity: 0.85,
          fill: ({ row, column }: { row: number; column: number }) =>
            row === column ? seriesColor(series[row]!) : ink,
        }),
        ruleX(cells, { ...place, x: 0, strokeOpacity: 0.35 }),
        ruleY(cells, { ...place, y: 0, strokeOpacity: 0.6 }),
        text(cells, {
          ...place,
          frameAnchor: 'top-right',
          text: ({ most }: { most: number }) => String(most),
          fontSize: 9,
        }),
      ],
    },
  });
}
