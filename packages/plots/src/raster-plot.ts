import { refuse, requireInteger } from '@unrolled/contracts';
import { requireFigureOptions, requireLength, requireRange, requireValues } from './checks.ts';
import { extentOf, padded } from './extent.ts';
import { type FigureOptions, figure, headHeight } from './figure.ts';
import { pathMark, pixel } from './mark.ts';
import { seriesColor } from './palette.ts';

/** Options of `rasterPlot`. */
export interface RasterPlotOptions extends FigureOptions {
  /** One a row. Default `unit 0`, … */
  readonly rowNames?: readonly string[] | undefined;
  /** One a row: chooses the colours. Default 0, 1, … */
  readonly series?: readonly number[] | undefined;
  /** Times from which to which, s. Default: from the first to the last event. */
  readonly range?: readonly [number, number] | undefined;
}

/** Shades for how many events fall on one column of pixels, relative to the fullest column of the row. */
const shades = [0.7, 0.8, 0.9, 1];

/**
 * When each unit fired: a row a unit, a tick an event. Ticks that would fall on each other are one tick, darker the more there
 * are, so that the size of the figure is bounded by its pixels.
 *
 * @param times seconds, in any order
 * @param rows the row of each event
 * @throws UnrolledError where there is no event, a time is not finite, or `rows` is of another length.
 * @example
 * rasterPlot([0.1, 0.15, 0.4], [0, 1, 0]);
 */
export function rasterPlot(
  times: ArrayLike<number>,
  rows: ArrayLike<number>,
  options: RasterPlotOptions = {},
): string {
  requireFigureOptions('rasterPlot', options, ['rowNames', 'series', 'range']);
  requireValues('times', times);
  requireLength('rows', rows, times.length, 'event');
  for (let event = 0; event < rows.length; event++) requireInteger(`rows[${event}]`, rows[event]!, 0);
  const highest = extentOf(rows)[1];
  const names = options.rowNames ?? Array.from({ length: highest + 1 }, (_, row) => `unit ${row}`);
  if (names.length <= highest)
    refuse('rowNames', `${names.length} names`, `one for each row, ${highest + 1}`);
  const series = options.series ?? names.map((_, row) => row);
  requireLength('series', series, names.length, 'row');
  if (options.range) requireRange('range', options.range);
  const domain = options.range ?? padded(extentOf(times), 0.01);
  const { width = 720, title } = options;
  const longest = Math.max(...names.map(({ length }) => length));
  return figure({
    width,
    height:
      options.height ??
      50 + headHeight({ title, width }) + names.length * Math.min(34, Math.max(8, 480 / names.length)),
    title,
    plot: {
      marginTop: 8,
      marginLeft: 14 + 6.4 * longest,
      x: { label: 'Time (s)', domain },
      y: {
        label: null,
        domain: [names.length, 0],
        ticks: names.map((_, row) => row + 0.5),
        tickFormat: (at: number) => names[Math.floor(at)]!,
        tickSize: 0,
      },
      marks: names.flatMap((_, row) =>
        shades.map((shade, level) =>
          pathMark(
            { stroke: seriesColor(series[row]!), 'stroke-width': '1', 'stroke-opacity': String(shade) },
            ({ x, y, left, right }) => {
              const counts = columnCounts(
                times,
                rows,
                row,
                (time) => Math.round(2 * x(time)),
                2 * left,
                2 * right,
              );
              const most = Math.max(1, ...counts.values());
              const top = pixel(y(row + 0.12));
              const height = pixel(y(row + 0.88) - y(row + 0.12));
              return [...counts]
                .filter(([, count]) => Math.ceil((shades.length * count) / most) - 1 === level)
                .map(([column]) => `M${column / 2},${top}v${height}`)
                .join('');
            },
          ),
        ),
      ),
    },
  });
}

/** How many events of a row fall on each column. */
function columnCounts(
  times: ArrayLike<number>,
  rows: ArrayLike<number>,
  row: number,
  columnOf: (time: number) => number,
  first: number,
  last: number,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (let event = 0; event < times.length; event++) {
    if (rows[event] !== row) continue;
    const column = columnOf(times[event]!);
    if (column >= first && column <= last) counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  return counts;
}
