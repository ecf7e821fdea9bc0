import { requirePositive } from '@unrolled/contracts';

/** σ of the observation noise, in units of the signal: shared by whoever needs it, and re-estimated where asked. */
export interface NoiseLevel {
  readonly deviation: number;
  /** Sets σ. */
  set(deviation: number): void;
}

/** A noise level that starts at σ > 0. */
export function noiseLevel(deviation: number): NoiseLevel {
  let now = requirePositive('noise', deviation);
  return Object.freeze({
    get deviation() {
      return now;
    },
    set: (next: number) => {
      now = requirePositive('noise', next);
    },
  });
}
