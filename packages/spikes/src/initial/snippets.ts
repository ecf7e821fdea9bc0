import type { Peak } from './detect.ts';

const TAPS = 6;

/** Windowed-sinc interpolation of a channel at `time` + `fraction`, |fraction| ≤ ½. */
function interpolate(
  signal: Float32Array,
  channels: number,
  channel: number,
  time: number,
  kernel: Float64Array,
) {
  let sum = 0;
  for (let tap = -TAPS; tap <= TAPS; tap++)
    sum += kernel[tap + TAPS]! * (signal[(time + tap) * channels + channel] ?? 0);
  return sum;
}

function sincKernel(fraction: number): Float64Array {
  return Float64Array.from({ length: 2 * TAPS + 1 }, (_, index) => {
    const x = index - TAPS - fraction;
    const window = Math.cos((Math.PI * x) / (2 * TAPS + 2)) ** 2;
    return (Math.abs(x) < 1e-12 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)) * window;
  });
}

/**
 * The waveform around a peak, `[duration × channels]`, with the peak at sample `before`, aligned to a fraction of a sample:
 * the peak's parabola says where between two samples it lies, a windowed sinc resamples every channel there.
 */
export function snippet(
  signal: Float32Array,
  channels: number,
  peak: Peak,
  duration: number,
  before: number,
): Float32Array {
  const at = (time: number) => Math.abs(signal[time * channels + peak.channel] ?? 0);
  const [left, centre, right] = [at(peak.time - 1), at(peak.time), at(peak.time + 1)];
  const curvature = left - 2 * centre + right;
  const fraction = curvature < 0 ? Math.max(-0.5, Math.min(0.5, (left - right) / (2 * curvature))) : 0;
  const kernel = sincKernel(fraction);
  const waveform = new Float32Array(duration * channels);
  for (let offset = 0; offset < duration; offset++) {
    for (let channel = 0; channel < channels; channel++) {
      waveform[offset * channels + channel] = interpolate(
        signal,
        channels,
        channel,
        peak.time - before + offset,
        kernel,
      );
    }
  }
  return waveform;
}
