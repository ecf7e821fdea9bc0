/** What is known of a unit's spikes beside their shape. */
export interface SpikePrior {
  /** Standard deviation s of the amplitude around 1. */
  readonly deviation: number;
  /** Probability p of a spike at a given sample. */
  readonly probability: number;
  /** Deviation τ of the background along the unit's template; 1 were the background white. */
  readonly background: number;
}

/**
 * Part of a spike's energy by which real spikes depart from their template (their jitter within a sample, fatigue, breathing). What
 * is left of a large spike is no small one.
 */
export const MISFIT = 0.05;

/** What a correlation c = ⟨template, signal⟩ says of a spike there. */
export interface SpikeScore {
  /** Log-odds of a spike against none, nats. */
  evidence(correlation: number): number;
  /** The most probable amplitude. */
  amplitude(correlation: number): number;
  /** No correlation up to this one is evidence of a spike. */
  readonly least: number;
  /** Energy that a spike of this amplitude explains, ½ a² E/τ²: nats. */
  explained(amplitude: number): number;
}

/**
 * Is there a spike? Bayes' rule for a template of energy E in background of deviation τ, with amplitude a ~ N(1, s²) and
 * probability p:
 *
 *     evidence = ½ (c/τ² + 1/s²)² / (E/τ² + 1/s²) − 1/(2s²) − ½ ln(1 + s² E/τ²) − θ ln((1 − p)/p)
 *     a        = (c/τ² + 1/s²) / (E/τ² + 1/s²)
 *
 * A threshold for every unit follows from its size, its variability and its rate: there is nothing to set. θ is 1; other
 * values trade misses for false alarms.
 */
export function spikeScore(
  energy: number,
  { deviation, probability, background }: SpikePrior,
  threshold = 1,
): SpikeScore {
  const scale = 1 / background ** 2;
  const precision = 1 / deviation ** 2;
  const sharpness = energy * scale + precision;
  const cost =
    precision / 2 +
    Math.log(sharpness / precision) / 2 +
    threshold * Math.log((1 - probability) / probability);
  return {
    // Where the evidence is 0, and a little below: nothing that rounding might lift above 0 is passed over.
    least:
      cost > 0
        ? (Math.sqrt(2 * sharpness * cost) * (1 - 1e-9) - precision) / scale
        : Number.NEGATIVE_INFINITY,
    evidence: (c) => {
      // A negative amplitude is no spike, however large.
      const pull = Math.max(0, c * scale + precision);
      return (0.5 * pull * pull) / sharpness - cost;
    },
    amplitude: (c) => Math.max(0, c * scale + precision) / sharpness,
    explained: (a) => (a * a * energy * scale) / 2,
  };
}
