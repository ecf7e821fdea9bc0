import type { SelectionStep } from '../learned.ts';
import { correlateTemplates } from '../matching/bank.ts';
import type { Candidate } from '../matching/match-pieces.ts';

/** Two templates that differ by less than this part of the larger one's energy are one neuron's. */
const SAME = 0.1;
/** A train with more intervals below the refractory period than this is of more than one neuron. */
const VIOLATIONS = 0.02;

/** A candidate with the times of its spikes, in samples, ascending. */
export interface Train {
  readonly candidate: Candidate;
  readonly times: readonly number[];
}

/** Least ‖a − shifted b‖² over all shifts, as a part of the larger one's energy: 0 for a template and its shifted copy. */
export function templateDifference(a: Float32Array, b: Float32Array, channels: number): number {
  const energy = (template: Float32Array) => template.reduce((sum, value) => sum + value * value, 0);
  const overlap = correlateTemplates(a, b, channels).reduce((most, value) => Math.max(most, value), 0);
  const [left, right] = [energy(a), energy(b)];
  return (left + right - 2 * overlap) / Math.max(left, right, Number.MIN_VALUE);
}

/** Part of the intervals of an ascending train that are shorter than `refractory` samples. */
export function violations(times: readonly number[], refractory: number): number {
  let short = 0;
  for (let i = 1; i < times.length; i++) if (times[i]! - times[i - 1]! < refractory) short++;
  return times.length > 1 ? short / (times.length - 1) : 0;
}

/**
 * Merges duplicates, the most alike first: templates that, shifted onto one another, differ by less than a tenth of their
 * energy, in shape and size, and whose spikes together keep the refractory period: at most 2 % of the intervals shorter, or no larger a
 * part than before. The one with more spikes stands for both.
 *
 * @param refractory samples
 */
export function mergeDuplicates(
  trains: readonly Train[],
  channels: number,
  refractory: number,
): { readonly trains: readonly Train[]; readonly steps: readonly SelectionStep[] } {
  let list = trains.map((train, number) => ({ ...train, number }));
  const steps: SelectionStep[] = [];
  const apart = new Set<string>();
  for (;;) {
    let best: { i: number; j: number; difference: number } | undefined;
    for (let i = 0; i < list.length; i++) {
      for (let j = i + 1; j < list.length; j++) {
        if (apart.has(`${list[i]!.number} ${list[j]!.number}`)) continue;
        const difference = templateDifference(
          list[i]!.candidate.template,
          list[j]!.candidate.template,
          channels,
        );
        if (difference < SAME && difference < (best?.difference ?? 1)) best = { i, j, difference };
      }
    }
    if (best === undefined) return { trains: list, steps };
    const [a, b] = [list[best.i]!, list[best.j]!];
    const times = [...a.times, ...b.times].sort((x, y) => x - y);
    const before = Math.max(violations(a.times, refractory), violations(b.times, refractory));
    const after = violations(times, refractory);
    if (after > Math.max(VIOLATIONS, before)) {
      apart.add(`${a.number} ${b.number}`);
      continue;
    }
    const main = a.times.length >= b.times.length ? a : b;
    const candidate = {
      template: main.candidate.template,
      deviation: Math.max(a.candidate.deviation, b.candidate.deviation),
      probability: a.candidate.probability + b.candidate.probability,
    };
    steps.push({
      action: 'merge',
      candidates: [a.number, b.number],
      reason: `templates differ by ${percent(best.difference)} of their energy, ${percent(after)} of the intervals are short`,
    });
    list = [
      ...list.filter((_, index) => index !== best.i && index !== best.j),
      { candidate, times, number: main.number },
    ];
  }
}

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
