import { type Bank, correlate } from './bank.ts';
import { resolveCollisions } from './collisions.ts';
import { type Event, type PursuitOptions, pursue } from './pursuit.ts';
import type { SpikePrior } from './score.ts';

/** A signal explained by spikes. */
export interface Explained {
  readonly events: readonly Event[];
  /** One a unit: correlations of what the spikes leave with the templates. */
  readonly correlations: readonly Float32Array[];
}

/** Explains a whitened signal `[time × channels]` by spikes: pursuit, and a second look where spikes collide. */
export function explain(
  signal: Float32Array,
  bank: Bank,
  priors: readonly SpikePrior[],
  options: PursuitOptions,
): Explained {
  const correlations = correlate(signal, bank);
  const events = pursue(correlations, bank, priors, options);
  return { correlations, events: resolveCollisions(signal, correlations, events, bank, priors, options) };
}
