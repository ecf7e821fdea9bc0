import { requirePositive } from '@unrolled/contracts';

/** A zero-phase filter with finite reach. */
export interface SymmetricFilter {
  /** The right half of the symmetric impulse response: `half[j]` weighs the samples j before and j after. */
  readonly half: Float64Array;
}

/** A zero-phase band-pass filter. */
export interface BandPass extends SymmetricFilter {
  /** Lower edge, Hz. */
  readonly low: number;
  /** Upper edge, Hz. */
  readonly high: number;
  /** Samples on either side that an output depends on. */
  readonly reach: number;
}

/** Samples on either side that an output of a filter depends on. */
export const reachOf = ({ half }: SymmetricFilter): number => half.length - 1;

/**
 * The band of a template: from one period to fifteen in the template's duration D,
 *
 *     [ 1/D, min(15/D, 0.45·rate) ]
 *
 * so 333 to 5000 Hz for the spikes of 3 ms of a neuron, and 1.7 to 25 Hz for the beats of 600 ms of a heart.
 *
 * The filter is the difference of two windowed-sinc low-passes of unit gain at 0 Hz (so a constant offset vanishes
 * exactly), with a Hamming window of ±1.5 D. It is symmetric: no phase, so peaks stay where they are. It has finite
 * reach: a window with that margin gives the same numbers as the whole recording.
 *
 * @param duration length of a template, seconds
 * @param rate sampling rate, Hz
 */
export function bandPass(duration: number, rate: number): BandPass {
  requirePositive('duration', duration);
  requirePositive('rate', rate);
  const high = Math.min(15 / duration, 0.45 * rate);
  const low = Math.min(1 / duration, high / 2);
  const reach = Math.max(1, Math.round(1.5 * duration * rate));
  const upper = lowPass(high / rate, reach);
  const lower = lowPass(low / rate, reach);
  return Object.freeze({ low, high, reach, half: upper.map((value, lag) => value - lower[lag]!) });
}

/** Right half of a windowed-sinc low-pass, `cutoff` in cycles a sample, with unit gain at 0 Hz. */
function lowPass(cutoff: number, reach: number): Float64Array {
  const half = Float64Array.from({ length: reach + 1 }, (_, lag) => {
    const hamming = 0.54 + 0.46 * Math.cos((Math.PI * lag) / (reach + 1));
    return hamming * (lag === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * lag) / (Math.PI * lag));
  });
  const gain = half.reduce((sum, value, lag) => sum + (lag === 0 ? value : 2 * value), 0);
  return half.map((value) => value / gain);
}

/**
 * Filters one channel: `padded` has `reach` samples more on either side than what comes out, which goes into a channel of
 * `[time × channels]`.
 *
 * Sums in float64 in an order that depends on nothing but the lag, so that windows agree with the whole bit for bit.
 */
export function filterChannel(
  padded: Float64Array,
  { half }: SymmetricFilter,
  into: Float32Array,
  channel = 0,
  channels = 1,
): void {
  const reach = half.length - 1;
  const samples = padded.length - 2 * reach;
  const centreWeight = half[0]!;
  let time = 0;
  // Four outputs at once: their sums do not wait for each other, and of the samples that they need at a lag all but two are at hand
  // from the lag before. Three times as fast as one output after the other.
  for (; time + 4 <= samples; time += 4) {
    const centre = time + reach;
    let before0 = padded[centre]!;
    let before1 = padded[centre + 1]!;
    let before2 = padded[centre + 2]!;
    let before3 = padded[centre + 3]!;
    let after0 = before0;
    let after1 = before1;
    let after2 = before2;
    let after3 = before3;
    let sum0 = centreWeight * before0;
    let sum1 = centreWeight * before1;
    let sum2 = centreWeight * before2;
    let sum3 = centreWeight * before3;
    for (let lag = 1; lag <= reach; lag++) {
      const weight = half[lag]!;
      before3 = before2;
      before2 = before1;
      before1 = before0;
      before0 = padded[centre - lag]!;
      after0 = after1;
      after1 = after2;
      after2 = after3;
      after3 = padded[centre + 3 + lag]!;
      sum0 += weight * (before0 + after0);
      sum1 += weight * (before1 + after1);
      sum2 += weight * (before2 + after2);
      sum3 += weight * (before3 + after3);
    }
    const at = time * channels + channel;
    into[at] = sum0;
    into[at + channels] = sum1;
    into[at + 2 * channels] = sum2;
    into[at + 3 * channels] = sum3;
  }
  for (; time < samples; time++) {
    const centre = time + reach;
    let sum = centreWeight * padded[centre]!;
    for (let lag = 1; lag <= reach; lag++)
      sum += half[lag]! * (padded[centre - lag]! + padded[centre + lag]!);
    into[time * channels + channel] = sum;
  }
}
