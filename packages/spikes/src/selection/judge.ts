import type { SelectionStep } from '../learned.ts';
import type { Matched } from '../matching/match-pieces.ts';
import { templatePeak } from '../matching/peak.ts';
import { LEAST_SPIKES } from './candidates.ts';
import { violations } from './duplicates.ts';

/** More inter-spike intervals below the refractory period than this, and a unit is more than one neuron. */
export const MOST_VIOLATIONS = 0.02;

/** What `judge` found of one unit. */
export interface Verdict {
  readonly spikes: number;
  /** Evidence for all its spikes together, nats. */
  readonly evidence: number;
  /** What a description of the unit costs, nats. */
  readonly cost: number;
  /** Part of its intervals shorter than the refractory period. */
  readonly violations: number;
  /** Why it is no unit; undefined where it is one. */
  readonly objection: string | undefined;
}

/**
 * Which units are kept: the criterion of `units: 'auto'`, the same for every recording.
 *
 * 1. **Explained energy against the number of units.** A unit must explain more than it costs to describe. Its spikes' evidence
 *    (½ of the explained energy in units of the noise, less what amplitude and time of each spike cost: `spikeScore`) is compared
 *    with Bayes' price of its template's numbers (Schwarz 1978): Σ evidence > ½ · time · channels · ln(spikes).
 * 2. **Refractory period.** No more than 2 % of its intervals are shorter than two thirds of a template (2 ms of 3 ms); else
 *    it is several neurons, or none.
 * 3. At least 8 spikes.
 *
 * @param refractory samples
 */
export function judge(
  { bank, events }: Matched,
  pieceLengths: readonly number[],
  refractory: number,
): Verdict[] {
  const times: number[][] = bank.templates.map(() => []);
  const evidence = new Float64Array(bank.units);
  const peaks = bank.templates.map((template) => templatePeak(template, bank.channels).sample);
  let start = 0;
  events.forEach((list, piece) => {
    for (const { unit, place, score } of list) {
      times[unit]!.push(start + place + peaks[unit]!);
      evidence[unit]! += score;
    }
    start += pieceLengths[piece]!;
  });
  return times.map((train, unit) => {
    const spikes = train.length;
    const cost = (bank.length * bank.channels * Math.log(Math.max(2, spikes))) / 2;
    const short = violations(
      train.sort((a, b) => a - b),
      refractory,
    );
    const verdict = { spikes, evidence: evidence[unit]!, cost, violations: short };
    return { ...verdict, objection: objectionTo(verdict) };
  });
}

function objectionTo({
  spikes,
  evidence,
  cost,
  violations: short,
}: Omit<Verdict, 'objection'>): string | undefined {
  if (spikes < LEAST_SPIKES) return `${spikes} spikes, fewer than ${LEAST_SPIKES}`;
  if (evidence <= cost) return `explains ${evidence.toFixed(0)} nats, describing it costs ${cost.toFixed(0)}`;
  if (short >= MOST_VIOLATIONS) {
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
