import { median } from '@unrolled/metrics';
import type { FrontEnd } from '../front/front-end.ts';
import type { Background } from '../initial/background.ts';
import type { Learned, SelectionStep } from '../learned.ts';
import { atEvents, refitAmplitudes } from '../matching/amplitudes.ts';
import { type Candidate, type Matched, matchPieces } from '../matching/match-pieces.ts';
import { amplitudeDeviation } from './candidates.ts';
import { describe } from './describe.ts';
import { judge, MOST_VIOLATIONS, type Verdict, verdictStep } from './judge.ts';
import { refitTemplates } from './refit-templates.ts';

/** What the last step of learning works on. */
export interface FinishOptions {
  /** One a piece, `[time × used channels]`. */
  readonly whitened: readonly Float32Array[];
  /** One a piece, `[time × used channels]`, the recording's units: `withoutBaseline`. */
  readonly own: readonly Float32Array[];
  readonly frontEnd: FrontEnd;
  readonly background: Background;
  /** Samples within which a unit has one spike. */
  readonly refractory: number;
  readonly units: 'auto' | number;
  /** Called between two pieces of work: lets others have a turn, throws where the work is to stop. */
  readonly breathe: () => Promise<void>;
}

/** What `finish` adds to a `Learned`. */
export type Finished = Pick<
  Learned,
  'filters' | 'norms' | 'templates' | 'peaks' | 'statistics' | 'selection'
> & {
  /** Which candidate each unit was. */
  readonly survivors: readonly number[];
};

/** A candidate and what it was called before others were dropped. */
interface Numbered {
  readonly candidate: Candidate;
  readonly number: number;
}

/**
 * From candidates to units: drop those that are none, the one with the gravest objection first, for what it had taken goes to
 * others; refit templates by least squares on the support; and judge again, since now they sort a little otherwise.
 */
export async function finish(candidates: readonly Candidate[], options: FinishOptions): Promise<Finished> {
  const numbered = candidates.map((candidate, number) => ({ candidate, number }));
  const first = await withoutObjectionable(numbered, options, false);
  const refitted = refit(first.matched, options).map((candidate, unit) => ({
    candidate,
    number: first.kept[unit]!.number,
  }));
  const second = await withoutObjectionable(refitted, options, true);
  const selection = [
    ...first.dropped,
    ...second.dropped,
    ...second.kept.map(({ number }, unit) => verdictStep(number, second.verdicts[unit]!)),
  ];
  return {
    ...describe(second.matched, second.verdicts, options),
    survivors: second.kept.map(({ number }) => number),
    selection,
  };
}

/** @param strict also those that break the refractory period, which templates that are not yet refitted may do by mistake */
async function withoutObjectionable(list: readonly Numbered[], options: FinishOptions, strict: boolean) {
  const { whitened, frontEnd, background, refractory, units } = options;
  const channels = frontEnd.usedChannels.length;
  const length = (list[0]?.candidate.template.length ?? 0) / Math.max(1, channels);
  const pursuit = { refractory };
  const dropped: SelectionStep[] = [];
  let kept = list;
  for (;;) {
    await options.breathe();
    const matched = matchPieces(
      whitened,
      kept.map(({ candidate }) => candidate),
      channels,
      { refractory, background },
    );
    const verdicts = judge(whitened, matched, {
      refractory: Math.round((2 / 3) * length),
      mostViolations: strict ? MOST_VIOLATIONS : 1,
      pursuit,
    }).map((verdict) =>
      // Where the number of units is given, only one without spikes is none.
      units === 'auto' || verdict.spikes === 0 ? verdict : { ...verdict, objection: undefined },
    );
    const worst = gravest(verdicts);
    if (worst === undefined) return { kept, matched, verdicts, dropped };
    dropped.push(verdictStep(kept[worst]!.number, verdicts[worst]!));
    kept = kept.filter((_, index) => index !== worst);
  }
}

/**
 * Of those with an objection, the one that explains least: two may each be dispensable for the other's sake, and it is the lesser that
 * should go.
 */
function gravest(verdicts: readonly Verdict[]): number | undefined {
  let worst: number | undefined;
  verdicts.forEach(({ objection, own }, index) => {
    if (objection !== undefined && (worst === undefined || own < verdicts[worst]!.own)) worst = index;
  });
  return worst;
}

/** Candidates around refitted templates, scaled so that the median amplitude is 1. */
function refit(matched: Matched, { whitened }: FinishOptions): Candidate[] {
  const { bank, priors } = matched;
  const events = matched.events.map((list, piece) =>
    refitAmplitudes(list, atEvents(list, matched.correlations[piece]!), bank),
  );
  return refitTemplates(whitened, events, bank).map((template, unit) => {
    const amplitudes = events.flatMap((list) =>
      list.filter((event) => event.unit === unit).map(({ amplitude }) => amplitude),
    );
    const centre = median(amplitudes) || 1;
    return {
      template: template.map((value) => value * centre),
      deviation: amplitudeDeviation(amplitudes.map((value) => value / centre)),
      probability: priors[unit]!.probability,
    };
  });
}
