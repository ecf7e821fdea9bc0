import type { UnitStatistics } from '../learned.ts';
import { atEvents, refitAmplitudes } from '../matching/amplitudes.ts';
import type { Matched } from '../matching/match-pieces.ts';
import { templatePeak } from '../matching/peak.ts';
import type { Finished, FinishOptions } from './finish.ts';
import type { Verdict } from './judge.ts';
import { ownTemplates } from './own-templates.ts';

/** Writes down what was learned: filters of unit norm, templates in the recording's own units, how each unit fires. */
export function describe(
  matched: Matched,
  verdicts: readonly Verdict[],
  { own, frontEnd }: FinishOptions,
): Omit<Finished, 'selection' | 'survivors'> {
  const { channels: all, usedChannels, rate } = frontEnd;
  const { bank, priors } = matched;
  const { units, length, channels } = bank;
  const events = matched.events.map((list, piece) =>
    refitAmplitudes(list, atEvents(list, matched.correlations[piece]!), bank),
  );

  const norms = bank.energies.map(Math.sqrt);
  const filters = new Float32Array(length * channels * units);
  bank.templates.forEach((template, unit) => {
    template.forEach((value, i) => {
      filters[i * units + unit] = value / (norms[unit]! || 1);
    });
  });
  // The same spikes with the same amplitudes explain the recording in its own units.
  const templates = new Float32Array(units * length * all);
  ownTemplates(own, events, bank).forEach((template, unit) => {
    template.forEach((value, i) => {
      const channel = usedChannels[i % channels]!;
      templates[(unit * length + Math.floor(i / channels)) * all + channel] = value;
    });
  });
  return {
    filters: { data: filters, shape: [length, channels, units] },
    norms,
    templates: { data: templates, shape: [units, length, all] },
    peaks: norms.map((_, unit) =>
      templatePeak(templates.subarray(unit * length * all, (unit + 1) * length * all), all),
    ),
    statistics: verdicts.map(
      ({ spikes, violations }, unit): UnitStatistics => ({
        amplitude: 1,
        deviation: priors[unit]!.deviation,
        firingRate: priors[unit]!.probability * rate,
        background: priors[unit]!.background,
        spikes,
        refractoryViolations: violations,
      }),
    ),
  };
}
