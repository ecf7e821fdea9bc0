import { ruleY } from '@observablehq/plot';
import { requireFinite, requirePositive } from '@unrolled/contracts';
import { requireFigureOptions, requireSome, requireValues } from './checks.ts';
import { linePath } from './envelope.ts';
import { extentOf, padded, unionOf } from './extent.ts';
import { type FigureOptions, figure } from './figure.ts';
import { pathMark } from './mark.ts';
import { seriesColor } from './palette.ts';

/** Evenly spaced samples. */
export interface Line {
  readonly values: ArrayLike<number>;
  /** In the legend. */
  readonly name?: string | undefined;
  /** Where the first sample is on the x axis. Default 0. */
  readonly start?: number | undefined;
  /** Distance of samples on the x axis. Default 1. */
  readonly interval?: number | undefined;
  readonly dashed?: boolean | undefined;
}

/** Options of `linePlot`. */
export interface LinePlotOptions extends FigureOptions {
  /** With its unit: `'Time (s)'`. */
  readonly xLabel?: string | undefined;
  readonly yLabel?: string | undefined;
}

/**
 * Lines through evenly spaced samples, of any length: drawn by the least and the greatest in every column of pixels.
 *
 * @throws UnrolledError where there is no line, or one is empty or not finite.
 * @example
 * linePlot([{ values: [0, 1, 0, -1], interval: 0.25 }], { xLabel: 'Time (s)', yLabel: 'Voltage (µV)' });
 */
export function linePlot(lines: readonly Line[], options: LinePlotOptions = {}): string {
  requireFigureOptions('linePlot', options, ['xLabel', 'yLabel']);
  requireSome('lines', lines);
  const drawn = lines.map(({ values, name, start = 0, interval = 1, dashed }, index) => {
    requireValues(`lines[${index}].values`, values);
    requireFinite(`lines[${index}].start`, start);
    requirePositive(`lines[${index}].interval`, interval);
    return { values, name, start, interval, dashed, count: values.length, color: seriesColor(index) };
  });
  const { width = 720, height = 260, title, xLabel = 'Sample', yLabel = 'Value' } = options;
  const [low, high] = padded(unionOf(drawn.map(({ values }) => extentOf(values))));
  return figure({
    width,
    height,
    title,
    legend: drawn.flatMap(({ name, color, dashed }) => (name === undefined ? [] : [{ name, color, dashed }])),
    plot: {
      marginLeft: 52,
      x: {
        label: xLabel,
        domain: padded(
          unionOf(drawn.map((line) => [line.start, line.start + (line.count - 1) * line.interval])),
          0,
        ),
      },
      y: { label: yLabel, domain: [low, high], nice: true },
      marks: [
        ...(low < 0 && high > 0 ? [ruleY([0], { strokeOpacity: 0.3 })] : []),
        ...drawn.map((line) =>
          pathMark(
            {
              stroke: line.color,
              'stroke-width': '1.4',
              ...(line.dashed ? { 'stroke-dasharray': '5 3' } : {}),
            },
            (projection) => linePath(line, projection),
          ),
        ),
      ],
    },
  });
}
