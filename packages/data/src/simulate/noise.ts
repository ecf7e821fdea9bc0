import { refuse } from '@unrolled/contracts';

/** Gathers the spread of the numbers that are not zero, piece by piece. */
export interface NonZeroSpread {
  add(values: Float32Array): void;
  /** Their standard deviation. */
  deviation(): number;
}

/** See `noiseDeviation`. */
export function nonZeroSpread(): NonZeroSpread {
  let count = 0;
  let sum = 0;
  let squares = 0;
  return {
    add(values) {
      for (const value of values) {
        if (value === 0) continue;
        count++;
        sum += value;
        squares += value * value;
      }
    },
    deviation() {
      if (count === 0)
        refuse('duration', 'a simulation without a single spike', 'enough time and a rate for one');
      return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
    },
  };
}

/**
 * The noise that gives a signal-to-noise ratio, σ = std(y[y ≠ 0]) / 10^(SNR/20): the spread of the noiseless signal is taken
 * where there is a signal, so that silence between spikes does not count.
 *
 * @param snr in dB
 */
export function noiseDeviation(spread: NonZeroSpread, snr: number): number {
  return spread.deviation() / 10 ** (snr / 20);
}
