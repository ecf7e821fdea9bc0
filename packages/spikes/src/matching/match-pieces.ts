import type { Background } from '../initial/background.ts';
import { type Bank, bankOf } from './bank.ts';
import { explain } from './explain.ts';
import type { Event } from './pursuit.ts';
import type { SpikePrior } from './score.ts';
import { synthesize } from './synthesize.ts';

/** A template with what is known of its spikes, background aside. */
export interface Candidate {
  /** Whitened `[time × channels]`: one spike of amplitude 1. */
  readonly template: Float32Array;
  /** Standard deviation of the amplitude around 1. */
  readonly deviation: number;
  /** Probability of a spike at a given sample. */
  readonly probability: number;
}

/** Pieces of a recording explained by spikes. */
export interface Matched {
  readonly bank: Bank;
  readonly priors: readonly SpikePrior[];
  /** One list a piece. */
  readonly events: readonly (readonly Event[])[];
  /** One a piece: `[time × channels]`, what the spikes do not explain. */
  readonly residuals: readonly Float32Array[];
  /** One a piece, of one array a unit: correlations of the residual with the templates. */
  readonly correlations: readonly (readonly Float32Array[])[];
}

/** Explains whitened pieces `[time × channels]` by spikes of these candidates. */
export function matchPieces(
  pieces: readonly Float32Array[],
  candidates: readonly Candidate[],
  channels: number,
  { refractory, background }: { readonly refractory: number; readonly background: Background },
): Matched {
  const bank = bankOf(
    candidates.map(({ template }) => template),
    channels,
  );
  const priors = candidates.map(({ deviation, probability }, unit) => ({
    deviation,
    probability,
    background: Math.max(1, background.along(bank.templates[unit]!)),
  }));
  const explained = pieces.map((piece) => explain(piece, bank, priors, { refractory }));
  const events = explained.map((piece) => piece.events);
  const correlations = explained.map((piece) => piece.correlations);
  const residuals = pieces.map((piece, index) => {
    const residual = piece.slice();
    synthesize(events[index]!, bank.templates, channels, residual, -1);
    return residual;
  });
  return { bank, priors, events, residuals, correlations };
}
