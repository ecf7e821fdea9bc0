import { type Random, refuse } from '@unrolled/contracts';
import type { Image } from '@unrolled/images';

/**
 * What stands between a picture and what is recorded of it: in which units it is recorded, how noise comes about, and how a network
 * that was trained under it is shown pictures.
 *
 * A network gets what is recorded, and what it should make of it is the *signal*, in the same units: `target − mean(η)` is then one
 * difference, whatever the noise.
 */
export interface Noise {
  /** Noises of one family differ by their level alone. */
  readonly family: 'gaussian' | 'poisson';
  /** σ, or the peak. */
  readonly level: number;
  /** Of white noise: the signal is the picture without its mean. */
  readonly centred?: boolean;
  /** For people: `gaussian:25`, `poisson:4`. */
  readonly name: string;
  /** A clean picture in the units in which it is recorded. */
  signal(clean: Image): Image;
  /** What is recorded of a signal: a draw. */
  corrupt(signal: Image, random: Random): Image;
  /** How a network that was trained under this noise is shown a picture that was recorded at another level of its family. */
  frame(recorded: Image, level: number): Frame;
}

/** The way of numbers into a network and out of it: in the network's units between the two. */
export interface Frame {
  toNetwork(recorded: Float32Array): Float32Array;
  fromNetwork(mean: Float32Array): Float32Array;
}

/** Refuses what is no noise. */
export function requireNoise(noise: Noise): Noise {
  if (typeof noise?.corrupt !== 'function') refuse('noise', noise, 'a noise, such as whiteNoise(0.1)');
  return noise;
}
