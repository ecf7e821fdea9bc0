import type { FloatArray } from '@unrolled/spikes';

/**
 * How alike templates are, as Phy offers units for merging: the largest cosine over small lags,
 *
 *     s(a, b) = max over |l| ≤ time / 8 of ⟨a, shift(b, l)⟩ / (‖a‖ ‖b‖)
 *
 * with time and channels taken together. Templates stand aligned by their peaks: an eighth covers what is left.
 *
 * @param templates `[units, time, channels]`
 * @returns `[units, units]`, symmetric, 1 on the diagonal
 */
export function templateSimilarity(templates: FloatArray): FloatArray {
  const [units, time, channels] = templates.shape as [number, number, number];
  const size = time * channels;
  const waveforms = Array.from({ length: units }, (_, unit) =>
    templates.data.subarray(unit * size, (unit + 1) * size),
  );
  const norms = waveforms.map((waveform) => Math.sqrt(dot(waveform, waveform)));
  const largestLag = Math.floor(time / 8);

  const similarity = new Float32Array(units * units);
  for (let a = 0; a < units; a++) {
    similarity[a * units + a] = 1;
    for (let b = a + 1; b < units; b++) {
      let best = Number.NEGATIVE_INFINITY;
      for (let lag = -largestLag; lag <= largestLag; lag++) {
        const [early, late] = lag < 0 ? [waveforms[a]!, waveforms[b]!] : [waveforms[b]!, waveforms[a]!];
        const from = Math.abs(lag) * channels;
        best = Math.max(best, dot(late.subarray(from), early.subarray(0, size - from)));
      }
      const cosine = best / (norms[a]! * norms[b]! || 1);
      similarity[a * units + b] = cosine;
      similarity[b * units + a] = cosine;
    }
  }
  return { data: similarity, shape: [units, units] };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}
