import { requirePositive } from '@unrolled/contracts';

/** σ of the observation noise, in units of the signal: shared by whoever needs it, and re-estimated where asked. */
export interface NoiseLevel {
  /** σ now. */
  readonly deviation: number;
  /** Sets σ > 0. */
  set(deviation: number): void;
}

/**
 * A noise level that starts at σ.
 *
 * @param deviation σ > 0, in units of the signal
 * @throws INVALID_ARGUMENT, NOT_FINITE where σ is not a number > 0
 * @example
 * const noise = noiseLevel(0.4);
 * noise.deviation; // 0.4
 */
export function noiseLevel(deviation: number): NoiseLevel {
  let now = requirePositive('deviation', deviation);
  return Object.freeze<NoiseLevel>({
    get deviation() {
      return now;
    },
    set: (next) => {
      now = requirePositive('deviation', next);
    },
  });
}

/** Refuses what is no noise level. */
export function requireNoise(noise: NoiseLevel): NoiseLevel {
  requirePositive('noise.deviation', noise?.deviation);
  return noise;
}
