import { snippet } from './snippets.ts';

/** A deflection that stands out of the noise. */
export interface Peak {
  readonly time: number;
  readonly channel: number;
  readonly value: number;
}

/** Deviations beyond which a deflection is no noise: white noise gets so far once in two million samples. */
const THRESHOLD = 5;

/**
 * Peaks of the largest absolute deflection over the channels: beyond `threshold`, and the largest of those that follow each
 * other within `apart` samples.
 *
 * @param signal whitened `[time × channels]`
 */
export function detectPeaks(
  signal: Float32Array,
  channels: number,
  { threshold = THRESHOLD, apart }: { readonly threshold?: number; readonly apart: number },
): Peak[] {
  const peaks: Peak[] = [];
  for (let time = 0; time < signal.length / channels; time++) {
    const peak = largest(signal, time, channels);
    if (Math.abs(peak.value) < threshold) continue;
    const last = peaks[peaks.length - 1];
    if (last === undefined || time - last.time > apart) peaks.push(peak);
    else if (Math.abs(peak.value) > Math.abs(last.value)) peaks[peaks.length - 1] = peak;
  }
  return peaks;
}

/**
 * The waveforms around all peaks of whitened pieces, `[length × channels]` each, the peak at sample `before`.
 */
export function detectedSnippets(
  pieces: readonly Float32Array[],
  channels: number,
  { length, before }: { readonly length: number; readonly before: number },
): Float32Array[] {
  return pieces.flatMap((piece) =>
    detectPeaks(piece, channels, { apart: before })
      .filter(({ time }) => time >= before && time + length - before <= piece.length / channels)
      .map((peak) => snippet(piece, channels, peak, length, before)),
  );
}

function largest(signal: Float32Array, time: number, channels: number): Peak {
  let place = time * channels;
  for (let i = place + 1; i < (time + 1) * channels; i++) {
    if (Math.abs(signal[i]!) > Math.abs(signal[place]!)) place = i;
  }
  return { time, channel: place - time * channels, value: signal[place]! };
}
