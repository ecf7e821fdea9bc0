import { line, ruleY } from '@observablehq/plot';
import { refuse, requirePositive, requireShape } from '@unrolled/contracts';
import { requireFigureOptions, requireLength, requireValues } from './checks.ts';
import { extentOf, padded, roundBelow } from './extent.ts';
import { type FigureOptions, figure, headHeight } from './figure.ts';
import { ink, seriesColor } from './palette.ts';

/** Waveforms `[units, time, channels]`, the last axis fastest. */
export interface Waveforms {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Options of `templatePlot`. */
export interface TemplatePlotOptions extends FigureOptions {
  /** Sampling rate, Hz. */
  readonly rate: number;
  /** Unit of the values. Default `'a.u.'`. */
  readonly unit?: string | undefined;
  /** Drawn behind, of the same shape: the true templates, in the order of the learned ones. NaN where a unit has none. */
  readonly truth?: Waveforms | undefined;
  /** One a unit: chooses the colours. Default 0, 1, … */
  readonly series?: readonly number[] | undefined;
  /** One a unit. Default `unit 0`, … */
  readonly unitNames?: readonly string[] | undefined;
  /** One a channel. Default `channel 0`, … */
  readonly channelNames?: readonly string[] | undefined;
  /** Sample of the template that is time zero: where its peak is. Default 0. One for all units, or one a unit. */
  readonly origin?: number | readonly number[] | undefined;
}

/**
 * Templates as a grid, a row a unit and a column a channel, all on one scale; the truth in grey behind them.
 *
 * @throws UnrolledError where the shape is not `[units, time, channels]` or a value is not finite.
 * @example
 * templatePlot({ data: Float32Array.of(0, -1, 0.4), shape: [1, 3, 1] }, { rate: 10_000, unit: 'µV' });
 */
export function templatePlot(templates: Waveforms, options: TemplatePlotOptions): string {
  requireFigureOptions('templatePlot', options, [
    'rate',
    'unit',
    'truth',
    'unitNames',
    'channelNames',
    'origin',
    'series',
  ]);
  const [units, samples, channels] = requireWaveforms('templates', templates);
  requireValues('templates.data', templates.data);
  const { rate, unit = 'a.u.', truth, title, width = Math.min(960, 200 + 190 * channels) } = options;
  requirePositive('rate', rate);
  const known = truth ? knownUnits(truth, templates) : [];
  const unitNames = options.unitNames ?? namesOf('unit', units);
  const channelNames = options.channelNames ?? namesOf('channel', channels);
  requireLength('unitNames', unitNames, units, 'unit');
  requireLength('channelNames', channelNames, channels, 'channel');
  const series = options.series ?? unitNames.map((_, row) => row);
  requireLength('series', series, units, 'unit');
  const origins =
    typeof options.origin === 'object' ? options.origin : new Array<number>(units).fill(options.origin ?? 0);
  requireValues('origin', origins);
  requireLength('origin', origins, units, 'unit');

  const points = (of: Waveforms, rows: readonly number[]) =>
    rows.flatMap((row) =>
      Array.from({ length: samples * channels }, (_, index) => ({
        row,
        channel: index % channels,
        time: (1000 * (Math.floor(index / channels) - origins[row]!)) / rate,
        value: of.data[row * samples * channels + index]!,
      })),
    );
  const every = points(templates, [...unitNames.keys()]);
  const true_ = truth ? points(truth, known) : [];
  const amplitudes = padded(extentOf([...every, ...true_].map(({ value }) => value)));
  const legend = known.length
    ? [
        { name: 'learned', color: seriesColor(series[0]!) },
        { name: 'true', color: ink },
      ]
    : [];
  const layout = { x: 'time', y: 'value', fx: 'channel', fy: 'row', z: null } as const;
  const longest = Math.max(...unitNames.map(({ length }) => length));
  return figure({
    width,
    height:
      options.height ??
      62 + headHeight({ title, legend, width }) + units * Math.min(150, Math.max(56, 480 / units)),
    title,
    legend,
    plot: {
      marginTop: 34,
      marginLeft: 56,
      marginRight: 16 + 6.4 * longest,
      x: { label: 'Time (ms)', domain: extentOf(every.map(({ time }) => time)), ticks: 4, nice: false },
      y: {
        label: `Amplitude (${unit})`,
        domain: amplitudes,
        ticks: units > 6 ? zeroAndOne(amplitudes) : 3,
      },
      fx: { label: null, tickFormat: (channel: number) => channelNames[channel]!, padding: 0.14 },
      fy: { label: null, tickFormat: (row: number) => unitNames[row]!, padding: 0.1 },
      marks: [
        ruleY([0], { strokeOpacity: 0.25 }),
        line(true_, { ...layout, stroke: 'currentColor', strokeOpacity: 0.3, strokeWidth: 5 }),
        line(every, {
          ...layout,
          stroke: ({ row }: { row: number }) => seriesColor(series[row]!),
          strokeWidth: 1.6,
        }),
      ],
      color: { type: 'identity' },
    },
  });
}

/** Zero and one round number on the longer side: all that fits beside a low row. */
function zeroAndOne([low, high]: readonly [number, number]): number[] {
  const longer = high > -low ? high : low;
  return [0, Math.sign(longer) * roundBelow(Math.abs(longer))];
}

const namesOf = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${what} ${index}`);

/** `[units, time, channels]`, none of them zero, and as many values. */
function requireWaveforms(name: string, { data, shape }: Waveforms): readonly [number, number, number] {
  requireShape(`${name}.shape`, shape, [-1, -1, -1], '[units, time, channels]');
  const [units, samples, channels] = shape as [number, number, number];
  if (!(units * samples * channels > 0)) refuse(`${name}.shape`, shape, 'no axis of length 0');
  requireLength(`${name}.data`, data, units * samples * channels, 'entry of the shape');
  return [units, samples, channels];
}

/** The units that have a true template: those without one are all NaN. */
function knownUnits(truth: Waveforms, templates: Waveforms): number[] {
  const [units, samples, channels] = requireWaveforms('truth', truth);
  requireShape('truth.shape', truth.shape, templates.shape, 'the shape of the templates');
  const size = samples * channels;
  return Array.from({ length: units }, (_, row) => row).filter((row) => {
    const values = Array.from({ length: size }, (_, index) => truth.data[row * size + index]!);
    if (values.every(Number.isNaN)) return false;
    requireValues(`truth.data of unit ${row}`, values);
    return true;
  });
}
