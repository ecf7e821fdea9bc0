import { random } from '@unrolled/contracts';
import type { HostExamples } from '../src/index.ts';

/** Examples that are sums of `sparsity` atoms of a random dictionary, with normal amplitudes and a little noise. */
export function planted(options: {
  readonly examples: number;
  readonly features: number;
  readonly atoms: number;
  readonly sparsity: number;
  readonly noise?: number;
  readonly seed?: number;
}): { readonly data: HostExamples; readonly truth: { data: Float64Array; shape: number[] } } {
  const { examples, features, atoms, sparsity, noise = 0.01, seed = 0 } = options;
  const generator = random(seed);
  const truth = Float64Array.from({ length: features * atoms }, () => generator.normal());
  for (let atom = 0; atom < atoms; atom++) {
    let squares = 0;
    for (let feature = 0; feature < features; feature++) squares += truth[feature * atoms + atom]! ** 2;
    for (let feature = 0; feature < features; feature++) truth[feature * atoms + atom]! /= Math.sqrt(squares);
  }
  const data = new Float32Array(examples * features);
  for (let example = 0; example < examples; example++) {
    const own = data.subarray(example * features, (example + 1) * features);
    for (const atom of generator.permutation(atoms).subarray(0, sparsity)) {
      const amplitude = (1 + Math.abs(generator.normal())) * (generator.uniform() < 0.5 ? -1 : 1);
      for (let feature = 0; feature < features; feature++)
        own[feature]! += amplitude * truth[feature * atoms + atom]!;
    }
    for (let feature = 0; feature < features; feature++) own[feature]! += generator.normal(0, noise);
  }
  return { data: { data, shape: [examples, features] }, truth: { data: truth, shape: [features, atoms] } };
}
