import { largestCrossCorrelation } from '@unrolled/metrics';
import type { FloatArray } from '@unrolled/spikes';

/**
 * How alike templates are, as Phy offers units for merging: the largest cosine over all shifts,
 *
 *     s(a, b) = max over s of ⟨a, shift(b, s)⟩ / (‖a‖ ‖b‖)
 *
 * with time and channels taken together.
 *
 * @param templates `[units, time, channels]`
 * @returns `[units, units]`, symmetric, 1 on the diagonal
 */
export function templateSimilarity({ data, shape }: FloatArray): FloatArray {
  const [units, time, channels] = shape as readonly [number, number, number];
  const size = time * channels;
  const normed = Array.from({ length: units }, (_, unit) =>
    unitNorm(data.subarray(unit * size, (unit + 1) * size)),
  );
  const similarity = new Float32Array(units * units);
  for (let a = 0; a < units; a++) {
    similarity[a * units + a] = 1;
    for (let b = a + 1; b < units; b++) {
      const { value } = largestCrossCorrelation(normed[a]!, normed[b]!, channels);
      similarity[a * units + b] = value;
      similarity[b * units + a] = value;
    }
  }
  return { data: similarity, shape: [units, units] };
}

function unitNorm(waveform: Float32Array): Float32Array {
  const norm = Math.sqrt(waveform.reduce((sum, value) => sum + value * value, 0)) || 1;
  return waveform.map((value) => value / norm);
}
