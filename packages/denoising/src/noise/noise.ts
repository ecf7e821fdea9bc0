import type { Random } from '@unrolled/contracts';
import type { Image } from '@unrolled/images';

/**
 * What stands between a picture and what is recorded of it: in which units a network sees the picture, and how noise comes about.
 *
 * A network gets what is recorded, and what it should make of it is the *signal*, in the same units: `target − mean(η)` is then one
 * difference, whatever the noise.
 */
export interface Noise {
  /** For people and files: `gaussian:25`, `poisson:4`. */
  readonly name: string;
  /** A clean picture in the units in which it is recorded. */
  signal(clean: Image): Image;
  /** What is recorded of a signal: a draw. */
  corrupt(signal: Image, random: Random): Image;
}
