import type { SelectionStep } from '../learned.ts';
import type { Matched } from '../matching/match-pieces.ts';
import { templatePeak } from '../matching/peak.ts';
import type { PursuitOptions } from '../matching/pursuit.ts';
import { MISFIT } from '../matching/score.ts';
import { LEAST_SPIKES } from './candidates.ts';
import { satelliteShares } from './coincidences.ts';
import { isComposite } from './composite.ts';
import { violations } from './duplicates.ts';
import { marginalEvidence } from './marginal-evidence.ts';

/** More inter-spike intervals below the refractory period than this, and a unit is more than one neuron. */
export const MOST_VIOLATIONS = 0.02;

/** A template whose largest deflection is smaller than this, in deviations of the noise, cannot be told from it by eye. */
const LEAST_PEAK = 3;

/** A unit with a larger part of its spikes at a fixed lag from larger ones is a part of those. */
const MOST_SATELLITES = 0.5;

/** What `judge` found of one unit. */
export interface Verdict {
  readonly spikes: number;
  /** Evidence that is lost without it, nats: see `marginalEvidence`. */
  readonly evidence: number;
  /** Evidence for its spikes as they were found, nats. */
  readonly own: number;
  /** Is its template a sum of two others? */
  readonly composite: boolean;
  /** Part of its spikes that come at a fixed lag with larger ones. */
  readonly satellite: number;
  /** What a description of the unit costs, nats. */
  readonly cost: number;
  /** Largest deflection of its whitened template: deviations of the noise. */
  readonly peak: number;
  /** Part of its intervals shorter than the refractory period. */
  readonly violations: number;
  /** Why it is no unit; undefined where it is one. */
  readonly objection: string | undefined;
}

/**
 * Which units are kept: the criterion of `units: 'auto'`, the same for every recording.
 *
 * 1. **Explained energy against the number of units.** A unit must explain more than it costs to describe. What the evidence for all
 *    spikes together loses where the unit is left out and the others explain what they can (`marginalEvidence`; evidence is half the
 *    explained energy in units of the noise, less what each spike's time and amplitude cost) is compared with Bayes' price of its
 *    template's numbers (Schwarz 1978) and with what every model of spikes leaves unexplained (`MISFIT`):
 *    loss > ½ · time · channels · ln(spikes) + spikes · 5 % of a spike's energy. A template that is the sum of two others, met where
 *    their spikes coincide, fails here.
 * 2. **Refractory period.** Fewer than 2 % of its intervals are shorter than two thirds of a template (2 ms of 3 ms); else it is
 *    several neurons, or none.
 * 3. It is not the sum of two others (`isComposite`), nor do most of its spikes stand at a fixed lag from larger ones.
 * 4. At least 8 spikes, and a largest deflection of at least 3 deviations of the noise.
 *
 * @param pieces whitened `[time × channels]`, what was matched
 * @param options.refractory samples
 * @param options.mostViolations part of the intervals that may be shorter
 */
export function judge(
  pieces: readonly Float32Array[],
  matched: Matched,
  {
    refractory,
    mostViolations,
    pursuit,
  }: { readonly refractory: number; readonly mostViolations: number; readonly pursuit: PursuitOptions },
): Verdict[] {
  const { bank, events } = matched;
  const satellites = satelliteShares(matched);
  const evidence = marginalEvidence(pieces, matched, pursuit);
  return trains(matched, pieces).map((train, unit) => {
    const spikes = train.length;
    const verdict = {
      spikes,
      evidence: evidence[unit]!,
      own: events.reduce(
        (sum, list) => list.reduce((more, event) => more + (event.unit === unit ? event.score : 0), sum),
        0,
      ),
      satellite: satellites[unit]!,
      composite: isComposite(
        bank.templates[unit]!,
        bank.templates.filter((_, other) => other !== unit),
        bank.channels,
      ),
      cost:
        (bank.length * bank.channels * Math.log(Math.max(2, spikes))) / 2 +
        (spikes * MISFIT * bank.energies[unit]!) / (2 * matched.priors[unit]!.background ** 2),
      peak: bank.templates[unit]!.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      violations: violations(train, refractory),
    };
    return { ...verdict, objection: objectionTo(verdict, mostViolations) };
  });
}

/** Times of every unit's spikes, ascending, in samples of all pieces laid end to end. */
function trains({ bank, events }: Matched, pieces: readonly Float32Array[]): number[][] {
  const times: number[][] = bank.templates.map(() => []);
  const peaks = bank.templates.map((template) => templatePeak(template, bank.channels).sample);
  let start = 0;
  events.forEach((list, piece) => {
    for (const { unit, place } of list) times[unit]!.push(start + place + peaks[unit]!);
    start += pieces[piece]!.length / bank.channels;
  });
  return times.map((train) => train.sort((a, b) => a - b));
}

function objectionTo(verdict: Omit<Verdict, 'objection'>, mostViolations: number): string | undefined {
  const { spikes, evidence, cost, composite, satellite, peak, violations: short } = verdict;
  if (spikes < LEAST_SPIKES) return `${spikes} spikes, fewer than ${LEAST_SPIKES}`;
  if (peak < LEAST_PEAK) return `its largest deflection is ${peak.toFixed(1)} deviations of the noise`;
  if (satellite > MOST_SATELLITES) {
    return `${Math.round(100 * satellite)} % of its spikes come at a fixed lag with larger ones: what those leave`;
  }
  if (composite) return 'its template is the sum of two others: spikes that collide';
  if (evidence <= cost) return `explains ${evidence.toFixed(0)} nats, describing it costs ${cost.toFixed(0)}`;
  if (short >= mostViolations) {
    return `${(100 * short).toFixed(1)} % of the intervals are below the refractory period: several neurons`;
  }
  return undefined;
}

/** A verdict in words. */
export function verdictStep(
  unit: number,
  { objection, evidence, cost, violations: short }: Verdict,
): SelectionStep {
  if (objection !== undefined) return { action: 'drop', candidates: [unit], reason: objection };
  const reason = `explains ${evidence.toFixed(0)} nats at a cost of ${cost.toFixed(0)}, ${(100 * short).toFixed(1)} % of the intervals are short`;
  return { action: 'keep', candidates: [unit], reason };
}
