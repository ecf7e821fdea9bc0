import type { RenderFunction } from '@observablehq/plot';
import { refuse, requireFinite, requireInteger, requirePositive } from '@unrolled/contracts';
import { requireFigureOptions, requireLength, requireRange, requireValues } from './checks.ts';
import { linePath } from './envelope.ts';
import { extentOf, padded, roundBelow, unionOf } from './extent.ts';
import { type FigureOptions, figure, headHeight } from './figure.ts';
import { type LegendEntry, type SeriesName, seriesLegend } from './legend.ts';
import { pathMark } from './mark.ts';
import { accentColor, ink } from './palette.ts';
import { eventMarks, scaleBar, type TraceEvent } from './trace-marks.ts';

/** Options of `tracePlot`. */
export interface TracePlotOptions extends FigureOptions {
  /** Sampling rate, Hz. */
  readonly rate: number;
  /** Channels that the values are interleaved of. Default 1. */
  readonly channels?: number | undefined;
  /** Time of the first sample, s. Default 0. */
  readonly start?: number | undefined;
  /** Unit of the values. Default `'a.u.'`. */
  readonly unit?: string | undefined;
  /** One a channel. Default `channel 0`, … */
  readonly channelNames?: readonly string[] | undefined;
  /** What the trace is called in the legend, where something is laid over it. Default `'recording'`. */
  readonly name?: string | undefined;
  /** Laid over the trace, of the same shape: the reconstruction. */
  readonly overlay?: { readonly name: string; readonly values: ArrayLike<number> } | undefined;
  readonly events?: readonly TraceEvent[] | undefined;
  /** Series of the events to be put in the legend. */
  readonly seriesNames?: readonly SeriesName[] | undefined;
  /** Height of a channel's row, px. Default: at most 120, less where there are many channels. */
  readonly rowHeight?: number | undefined;
  /** Values from the least to the greatest of one channel's row, to draw several figures alike. Default: from the data. */
  readonly range?: readonly [number, number] | undefined;
}

const optionNames = [
  'rate',
  'channels',
  'start',
  'unit',
  'channelNames',
  'name',
  'overlay',
  'events',
  'seriesNames',
  'rowHeight',
  'range',
];

/**
 * Voltage traces `[time, channels]` under each other on one scale, with a bar that shows it: of any length, drawn by the
 * least and the greatest in every column of pixels. Events are triangles above their channel.
 *
 * @throws UnrolledError where values are empty, not finite or not a whole number of samples of all channels.
 * @example
 * tracePlot(Float32Array.of(0, 5, -40, 3), { rate: 10_000, unit: 'µV', events: [{ time: 2e-4, channel: 0, series: 0 }] });
 */
export function tracePlot(values: ArrayLike<number>, options: TracePlotOptions): string {
  const parts = checked(values, options);
  const { rate, channels, start, unit, names, range, overlay, events, count } = parts;
  const [low, high] = range;
  const step = high - low;
  // Row c shows `range` in (channels − 1 − c) … (channels − c): the first channel is at the top.
  const place = (channel: number, value: number): number => channels - 1 - channel + (value - low) / step;
  const rows = Array.from({ length: channels }, (_, channel) => channel);
  const drawn = (of: ArrayLike<number>, attributes: { readonly [name: string]: string }): RenderFunction[] =>
    rows.map((channel) =>
      pathMark(attributes, ({ x, y }) =>
        linePath(
          { values: of, first: channel, stride: channels, count, start, interval: 1 / rate },
          { x, y: (value) => y(place(channel, value)) },
        ),
      ),
    );
  const { title, width = 720, seriesNames = [], name = 'recording' } = options;
  const rowHeight = requirePositive(
    'rowHeight',
    options.rowHeight ?? Math.min(120, Math.max(34, 480 / channels)),
  );
  const legend: LegendEntry[] = [
    ...(overlay
      ? [
          { name, color: ink },
          { name: overlay.name, color: accentColor },
        ]
      : []),
    ...seriesLegend(seriesNames),
  ];
  const height = options.height ?? 52 + headHeight({ title, legend, width }) + rowHeight * channels;
  const longest = Math.max(...names.map(({ length }) => length));
  return figure({
    width,
    height,
    title,
    legend,
    plot: {
      marginTop: 24,
      marginLeft: 14 + 6.4 * longest,
      marginRight: 66,
      x: { label: 'Time (s)', domain: [start, start + count / rate] },
      y: {
        label: null,
        domain: [0, channels],
        ticks: rows.map((channel) => place(channel, low < 0 && high > 0 ? 0 : (low + high) / 2)),
        tickFormat: (at: number) => names[channels - 1 - Math.floor(at)]!,
        tickSize: 0,
      },
      marks: [
        ...drawn(values, {
          stroke: 'currentColor',
          'stroke-width': '1',
          'stroke-opacity': overlay ? '0.65' : '1',
        }),
        ...(overlay ? drawn(overlay.values, { stroke: accentColor, 'stroke-width': '1.3' }) : []),
        ...eventMarks(events, channels),
        scaleBar(roundBelow(step / 2), step, unit),
      ],
    },
  });
}

function checked(values: ArrayLike<number>, options: TracePlotOptions) {
  requireFigureOptions('tracePlot', options, optionNames);
  const { rate, channels = 1, start = 0, unit = 'a.u.', overlay, events = [] } = options;
  requirePositive('rate', rate);
  requireInteger('channels', channels);
  requireFinite('start', start);
  requireValues('values', values);
  if (values.length % channels !== 0)
    refuse('values', `${values.length} values`, `a multiple of ${channels} channels`);
  if (overlay) {
    requireValues('overlay.values', overlay.values);
    requireLength('overlay.values', overlay.values, values.length, 'value of the trace');
  }
  for (const [index, { time, channel, series }] of events.entries()) {
    requireFinite(`events[${index}].time`, time);
    requireInteger(`events[${index}].series`, series, 0);
    if (requireInteger(`events[${index}].channel`, channel, 0) >= channels) {
      refuse(`events[${index}].channel`, channel, `a channel below ${channels}`);
    }
  }
  const names =
    options.channelNames ?? Array.from({ length: channels }, (_, channel) => `channel ${channel}`);
  requireLength('channelNames', names, channels, 'channel');
  if (options.range) requireRange('range', options.range);
  const range = options.range ?? traceRange(overlay ? [values, overlay.values] : [values]);
  return { rate, channels, start, unit, names, range, overlay, events, count: values.length / channels };
}

/** A range that holds all traces, with room for a marker between rows: what several figures share to be drawn alike. */
export function traceRange(traces: readonly ArrayLike<number>[]): [number, number] {
  const [low, high] = unionOf(traces.map(extentOf));
  return padded([low, high], 0.08);
}
