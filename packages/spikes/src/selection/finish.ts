import type { FrontEnd } from '../front/front-end.ts';
import { median } from '../front/statistics.ts';
import type { Piece } from '../front/training-pieces.ts';
import type { Background } from '../initial/background.ts';
import type { Learned, SelectionStep, UnitStatistics } from '../learned.ts';
import { refitAmplitudes } from '../matching/amplitudes.ts';
import { type Candidate, type Matched, matchPieces } from '../matching/match-pieces.ts';
import { templatePeak } from '../matching/peak.ts';
import { amplitudeDeviation } from './candidates.ts';
import { judge, verdictStep } from './judge.ts';
import { refitTemplates } from './refit-templates.ts';

/** What the last step of learning works on. */
export interface FinishOptions {
  readonly pieces: readonly Piece[];
  /** One a piece, `[time × used channels]`. */
  readonly whitened: readonly Float32Array[];
  /** One a piece, `[time × used channels]`, the recording's units. */
  readonly filtered: readonly Float32Array[];
  readonly frontEnd: FrontEnd;
  readonly background: Background;
  readonly before: number;
  readonly units: 'auto' | number;
}

type Finished = Pick<
  Learned,
  'filters' | 'weights' | 'norms' | 'templates' | 'peaks' | 'statistics' | 'selection'
>;

/**
 * From candidates to units: judge them, drop those that are none (the one with the gravest objection first, for what it had
 * taken goes to others), refit templates and amplitudes by least squares on the support, and measure how each unit fires.
 */
export function finish(candidates: readonly Candidate[], options: FinishOptions): Finished {
  const { pieces, whitened, frontEnd, background, before, units } = options;
  const channels = frontEnd.usedChannels.length;
  const matching = { refractory: before, background };
  const refractory = refractorySamples(candidates[0]?.template.length ?? 0, channels);
  const pieceLengths = pieces.map(({ start, end }) => end - start);
  const selection: SelectionStep[] = [];

  let list = candidates.map((candidate, number) => ({ candidate, number }));
  let matched = match(list, whitened, channels, matching);
  for (;;) {
    const verdicts = judge(matched, pieceLengths, refractory);
    const worst =
      units === 'auto'
        ? gravest(
            verdicts.map(({ objection, evidence, cost }) =>
              objection === undefined ? undefined : evidence - cost,
            ),
          )
        : verdicts.findIndex(({ spikes }) => spikes === 0);
    if (worst < 0) {
      list.forEach(({ number }, unit) => {
        selection.push(
          verdictStep(number, { ...verdicts[unit]!, ...(units !== 'auto' && { objection: undefined }) }),
        );
      });
      break;
    }
    selection.push(verdictStep(list[worst]!.number, verdicts[worst]!));
    list = list.filter((_, index) => index !== worst);
    matched = match(list, whitened, channels, matching);
  }
  return { ...describe(matched, options, refractory), selection };
}

/** Two thirds of a template: 2 ms of 3 ms. */
export const refractorySamples = (size: number, channels: number): number =>
  Math.round(((2 / 3) * size) / Math.max(1, channels));

function match(
  list: readonly { readonly candidate: Candidate }[],
  whitened: readonly Float32Array[],
  channels: number,
  options: Parameters<typeof matchPieces>[3],
): Matched {
  return matchPieces(
    whitened,
    list.map(({ candidate }) => candidate),
    channels,
    options,
  );
}

/** Index of the least number; −1 where all are undefined. */
function gravest(values: readonly (number | undefined)[]): number {
  let worst = -1;
  values.forEach((value, index) => {
    if (value !== undefined && (worst < 0 || value < values[worst]!)) worst = index;
  });
  return worst;
}

function describe(matched: Matched, options: FinishOptions, refractory: number): Omit<Finished, 'selection'> {
  const { pieces, whitened, filtered, frontEnd } = options;
  const { channels: all, usedChannels, rate } = frontEnd;
  const { bank, priors } = matched;
  const { units, length, channels } = bank;
  const size = { units, length, channels };
  const events = matched.events.map((list, piece) =>
    refitAmplitudes(list, matched.correlations[piece]!, bank),
  );
  const seconds = pieces.reduce((sum, { start, end }) => sum + end - start, 0) / rate;
  const verdicts = judge(
    matched,
    pieces.map(({ start, end }) => end - start),
    refractory,
  );
  const amplitudes = Array.from({ length: units }, (_, unit) =>
    events.flatMap((list) => list.filter((event) => event.unit === unit).map(({ amplitude }) => amplitude)),
  );
  const means = amplitudes.map((values) => median(values) || 1);

  const white = scaledBy(refitTemplates(whitened, events, size), means);
  const own = scaledBy(refitTemplates(filtered, events, size), means);
  const norms = white.map((template) => Math.sqrt(template.reduce((sum, value) => sum + value * value, 0)));
  const filters = new Float32Array(length * channels * units);
  white.forEach((template, unit) => {
    template.forEach((value, i) => {
      filters[i * units + unit] = value / (norms[unit]! || 1);
    });
  });
  const templates = new Float32Array(units * length * all);
  own.forEach((template, unit) => {
    template.forEach((value, i) => {
      const channel = usedChannels[i % channels]!;
      templates[(unit * length + Math.floor(i / channels)) * all + channel] = value;
    });
  });
  const statistics = verdicts.map(
    ({ spikes, violations }, unit): UnitStatistics => ({
      amplitude: 1,
      deviation: amplitudeDeviation(amplitudes[unit]!.map((value) => value / means[unit]!)),
      firingRate: spikes / seconds,
      background: priors[unit]!.background,
      spikes,
      refractoryViolations: violations,
    }),
  );
  return {
    filters: { data: filters, shape: [length, channels, units] },
    weights: norms.map(() => 0),
    norms,
    templates: { data: templates, shape: [units, length, all] },
    peaks: white.map((_, unit) =>
      templatePeak(templates.subarray(unit * length * all, (unit + 1) * length * all), all),
    ),
    statistics,
  };
}

function scaledBy(templates: readonly Float32Array[], factors: readonly number[]): Float32Array[] {
  return templates.map((template, unit) => template.map((value) => value * factors[unit]!));
}
