import type { HostExamples } from '@unrolled/unroll';
import { Matrix } from 'ml-matrix';
import type { Spike } from './pick-spikes.ts';

/** G[(a, k), (b, l)] = Σ over pairs of spikes, over the samples n = place_a + k = place_b + l, of v[n] · their amplitudes' product. */
export function weightedCorrelation(
  spikes: readonly Spike[],
  weights: HostExamples,
  { atoms, reach, margin }: { atoms: number; reach: number; margin: number },
): Matrix {
  const time = weights.shape[1]!;
  const matrix = Matrix.zeros(atoms * reach, atoms * reach);
  const ordered = [...spikes].sort((a, b) => a.example - b.example || a.place - b.place);
  ordered.forEach((a, first) => {
    for (let second = first; second < ordered.length; second++) {
      const b = ordered[second]!;
      const lag = b.place - a.place;
      if (b.example !== a.example || lag >= reach) break;
      const product = a.amplitude * b.amplitude;
      const begin = Math.max(lag, margin - a.place);
      const end = Math.min(reach, time + margin - a.place);
      for (let k = begin; k < end; k++) {
        const value = product * weights.data[a.example * time + a.place - margin + k]!;
        const [row, column] = [a.atom * reach + k, b.atom * reach + k - lag];
        matrix.set(row, column, matrix.get(row, column) + value);
        if (second !== first) matrix.set(column, row, matrix.get(column, row) + value);
      }
    }
  });
  return matrix;
}

/** G[(a, k), (b, l)] = Σ over pairs of spikes with place_b − place_a = k − l of their amplitudes' product. */
export function trainCorrelation(spikes: readonly Spike[], atoms: number, reach: number): Matrix {
  // First the correlation of the trains by lag, then its Toeplitz blocks.
  const lags = new Float64Array(atoms * atoms * (2 * reach - 1));
  const ordered = [...spikes].sort((a, b) => a.example - b.example || a.place - b.place);
  ordered.forEach((a, first) => {
    for (let second = first; second < ordered.length; second++) {
      const b = ordered[second]!;
      const lag = b.place - a.place;
      if (b.example !== a.example || lag >= reach) break;
      const product = a.amplitude * b.amplitude;
      lags[(a.atom * atoms + b.atom) * (2 * reach - 1) + lag + reach - 1]! += product;
      if (second !== first) lags[(b.atom * atoms + a.atom) * (2 * reach - 1) - lag + reach - 1]! += product;
    }
  });
  const matrix = Matrix.zeros(atoms * reach, atoms * reach);
  for (let a = 0; a < atoms; a++)
    for (let b = 0; b < atoms; b++)
      for (let k = 0; k < reach; k++)
        for (let l = 0; l < reach; l++)
          matrix.set(
            a * reach + k,
            b * reach + l,
            lags[(a * atoms + b) * (2 * reach - 1) + k - l + reach - 1]!,
          );
  return matrix;
}

/** Σ over spikes of amplitude · the window around the spike: `[atoms · reach, channels]`. */
export function spikeTriggeredSums(
  windows: HostExamples,
  spikes: readonly Spike[],
  { atoms, reach, margin }: { atoms: number; reach: number; margin: number },
): Matrix {
  const [, time, channels] = windows.shape as [number, number, number];
  const sums = Matrix.zeros(atoms * reach, channels);
  for (const { example, atom, place, amplitude } of spikes) {
    for (let k = 0; k < reach; k++) {
      const sample = place - margin + k;
      if (sample < 0 || sample >= time) continue;
      for (let channel = 0; channel < channels; channel++) {
        const row = atom * reach + k;
        const value = windows.data[(example * time + sample) * channels + channel]!;
        sums.set(row, channel, sums.get(row, channel) + amplitude * value);
      }
    }
  }
  return sums;
}
