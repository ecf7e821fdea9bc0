import { median, robustDeviation } from '@unrolled/metrics';
import { groups } from '../initial/iso-merge.ts';
import type { Candidate } from '../matching/match-pieces.ts';

/** Fewer spikes than this make no unit. */
export const LEAST_SPIKES = 8;

/** Labels of clusters that are large enough for a unit, ascending. */
export function unitLabels(labels: Int32Array): number[] {
  return [...groups(labels)]
    .filter(([, members]) => members.length >= LEAST_SPIKES)
    .map(([label]) => label)
    .sort((a, b) => a - b);
}

/**
 * One candidate a cluster of snippets: its template is the median waveform (a few overlaps and strays do not move it), the
 * spread of its amplitudes is that of the snippets' projections on it.
 *
 * @param samples how many samples the snippets were found in
 */
export function candidatesOf(
  snippets: readonly Float32Array[],
  labels: Int32Array,
  samples: number,
): Candidate[] {
  const members = groups(labels);
  return unitLabels(labels)
    .map((label) => members.get(label)!)
    .map((members) => {
      const template = medianWaveform(members.map((member) => snippets[member]!));
      const amplitudes = members.map((member) => projection(snippets[member]!, template));
      return {
        template,
        deviation: amplitudeDeviation(amplitudes),
        probability: members.length / samples,
      };
    });
}

/** Spread of amplitudes, robust; held between 5 % (finer makes a prior that no real neuron meets) and 50 %. */
export function amplitudeDeviation(amplitudes: readonly number[]): number {
  const centre = median(amplitudes);
  return Math.min(0.5, Math.max(0.05, robustDeviation(amplitudes.map((value) => value - centre))));
}

function medianWaveform(snippets: readonly Float32Array[]): Float32Array {
  const values = new Float64Array(snippets.length);
  return Float32Array.from(snippets[0]!, (_, i) => {
    for (let s = 0; s < values.length; s++) values[s] = snippets[s]![i]!;
    return median(values);
  });
}

function projection(snippet: Float32Array, template: Float32Array): number {
  let product = 0;
  let energy = 0;
  for (let i = 0; i < template.length; i++) {
    product += snippet[i]! * template[i]!;
    energy += template[i]! ** 2;
  }
  return energy > 0 ? product / energy : 0;
}
