/** A deflection that stands out of the noise. */
export interface Peak {
  readonly time: number;
  readonly channel: number;
  readonly value: number;
}

/**
 * Peaks of the largest absolute deflection over the channels: beyond `threshold` and the largest within ± `apart` samples.
 *
 * @param signal whitened `[time, channels]`
 */
export function detectPeaks(
  signal: Float32Array,
  channels: number,
  threshold: number,
  apart: number,
): Peak[] {
  const length = signal.length / channels;
  const peaks: Peak[] = [];
  for (let time = 0; time < length; time++) {
    const [value, channel] = largest(signal, time, channels);
    if (Math.abs(value) < threshold) continue;
    const last = peaks[peaks.length - 1];
    if (last !== undefined && time - last.time <= apart) {
      if (Math.abs(value) > Math.abs(last.value)) peaks[peaks.length - 1] = { time, channel, value };
    } else {
      peaks.push({ time, channel, value });
    }
  }
  return peaks;
}

function largest(signal: Float32Array, time: number, channels: number): [number, number] {
  let place = 0;
  for (let channel = 1; channel < channels; channel++) {
    if (Math.abs(signal[time * channels + channel]!) > Math.abs(signal[time * channels + place]!))
      place = channel;
  }
  return [signal[time * channels + place]!, place];
}
