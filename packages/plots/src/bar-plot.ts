import { rect, ruleX, text } from '@observablehq/plot';
import { refuse, requireOneOf } from '@unrolled/contracts';
import { requireFigureOptions, requireSome, requireValues } from './checks.ts';
import { brief, extentOf } from './extent.ts';
import { type FigureOptions, figure } from './figure.ts';
import { seriesColor } from './palette.ts';
import { ticksOf } from './ticks.ts';

/** One bar. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Chooses the colour. Default 0. */
  readonly series?: number | undefined;
  /** Written behind the bar. Default: the value. */
  readonly label?: string | undefined;
}

/** Options of `barPlot`. */
export interface BarPlotOptions extends FigureOptions {
  /** With its unit: `'Time (s)'`. */
  readonly xLabel?: string | undefined;
  /** Default `'linear'`. */
  readonly xScale?: 'linear' | 'log' | undefined;
}

const rowHeight = 24;
/** Room for a name at 11 px, and for a label behind a bar, px. */
const widthOf = (word: string): number => 12 + 6.6 * word.length;

/**
 * Named values as bars that lie under each other: on a logarithmic axis they begin where the axis does, and their ends are what
 * counts.
 *
 * @throws UnrolledError where there is no bar, a value is not finite, is negative, or is 0 on a logarithmic axis.
 * @example
 * barPlot([{ name: 'ours', value: 0.35 }, { name: 'theirs', value: 62 }], { xLabel: 'Time (s)', xScale: 'log' });
 */
export function barPlot(bars: readonly Bar[], options: BarPlotOptions = {}): string {
  requireFigureOptions('barPlot', options, ['xLabel', 'xScale']);
  requireSome('bars', bars);
  const values = bars.map(({ value }) => value);
  requireValues('values', values);
  const xScale = requireOneOf('xScale', options.xScale ?? 'linear', ['linear', 'log']);
  const [least, greatest] = extentOf(values);
  if (least < 0 || (xScale === 'log' && least === 0))
    refuse('values', least, xScale === 'log' ? 'values > 0 on a logarithmic axis' : 'values ≥ 0');
  const { width = 640, height = 66 + rowHeight * bars.length, title, xLabel = 'Value' } = options;
  // A decade of its own for the smallest bar: it is to be seen, too.
  const domain: [number, number] =
    xScale === 'log' ? [10 ** Math.floor(Math.log10(least) - 0.2), greatest] : [0, greatest || 1];
  const labels = bars.map(({ label, value }) => label ?? brief(value));
  return figure({
    width,
    height,
    title,
    plot: {
      marginLeft: Math.max(...bars.map(({ name }) => widthOf(name))),
      marginRight: Math.max(24, ...labels.map(widthOf)),
      x: {
        type: xScale,
        label: xLabel,
        domain,
        grid: true,
        ...ticksOf(domain, xScale, Math.round(width / 100)),
      },
      y: { axis: null, domain: [bars.length - 0.5, -0.5] },
      marks: [
        rect(bars, {
          x1: domain[0],
          x2: 'value',
          y1: (_, row) => row - 0.36,
          y2: (_, row) => row + 0.36,
          fill: ({ series = 0 }: Bar) => seriesColor(series),
        }),
        ruleX([domain[0]], { strokeOpacity: 0.4 }),
        text(bars, { x: domain[0], y: (_, row) => row, text: 'name', textAnchor: 'end', dx: -6 }),
        text(bars, {
          x: 'value',
          y: (_, row) => row,
          text: (_, row) => labels[row],
          textAnchor: 'start',
          dx: 5,
        }),
      ],
    },
  });
}
