import type { Network } from '@unrolled/contracts';
import { type NoiseLevel, requireNoise } from '../noise-level.ts';

/**
 * The rates λ_c = weight_c / σ² of a network as they are now: after every epoch, λ's history.
 *
 * @returns one an atom, in 1/units of the code
 * @example
 * for await (const event of trainCrsae(network, windows, { noise, epochs: 8 }))
 *   if (event.type === 'epoch') console.log(event.epoch, await ratesOf(network, noise));
 */
export async function ratesOf(network: Pick<Network, 'variables'>, noise: NoiseLevel): Promise<Float64Array> {
  const { deviation } = requireNoise(noise);
  const weights = await network.variables['prior.weight']!.data();
  return Float64Array.from(weights, (weight) => weight / deviation ** 2);
}
