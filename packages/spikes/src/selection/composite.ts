import { correlateTemplates } from '../matching/bank.ts';

/** What may be left of a template's energy for it to be a sum of others. */
const LEFT = 0.1;
/** Amplitudes with which a template may stand in a sum. */
const SMALLEST = 0.5;
const LARGEST = 1.5;

/**
 * Is a template the sum of two others, each at some shift? It is what a cluster of collisions gives; its spikes are theirs.
 *
 * All pairs at all shifts are tried: the least-squares amplitudes of a pair follow from the correlations
 * r_u = ⟨t, a⟩, r_v = ⟨t, b⟩, g = ⟨a, b⟩.
 *
 * @param template `[time × channels]`
 * @param others of the same shape
 */
export function isComposite(
  template: Float32Array,
  others: readonly Float32Array[],
  channels: number,
): boolean {
  const length = template.length / channels;
  const energyOf = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
  const energy = energyOf(template);
  const energies = others.map(energyOf);
  const against = others.map((other) => correlateTemplates(other, template, channels));
  const reasonable = (amplitude: number) => amplitude >= SMALLEST && amplitude <= LARGEST;
  for (let u = 0; u < others.length; u++) {
    for (let v = u + 1; v < others.length; v++) {
      const between = correlateTemplates(others[u]!, others[v]!, channels);
      const limit = length - 1;
      for (let i = -limit; i <= limit; i++) {
        for (let j = -limit; j <= limit; j++) {
          // others[u] placed at i overlaps others[v] placed at j as two templates with lag i − j.
          const g = Math.abs(i - j) < length ? between[i - j + length - 1]! : 0;
          const [ru, rv] = [against[u]![i + length - 1]!, against[v]![j + length - 1]!];
          const determinant = energies[u]! * energies[v]! - g * g;
          if (determinant < 1e-6 * energies[u]! * energies[v]!) continue;
          const a = (ru * energies[v]! - rv * g) / determinant;
          const b = (rv * energies[u]! - ru * g) / determinant;
          if (reasonable(a) && reasonable(b) && energy - a * ru - b * rv < LEFT * energy) return true;
        }
      }
    }
  }
  return false;
}
