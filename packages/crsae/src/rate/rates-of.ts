import type { Network } from '@unrolled/contracts';
import { type NoiseLevel, requireNoise } from '../noise-level.ts';

/**
 * The rates λ_c = weight_c / σ² of a network as they are now. The `summary` of every event of `trainCrsae` has them too.
 *
 * @returns one an atom, in 1/units of the code
 * @example
 * const [first, second] = await ratesOf(network, noise);
 */
export async function ratesOf(network: Pick<Network, 'variables'>, noise: NoiseLevel): Promise<Float64Array> {
  const { deviation } = requireNoise(noise);
  const weights = await network.variables['prior.weight']!.data();
  return Float64Array.from(weights, (weight) => weight / deviation ** 2);
}
