import { random } from '@unrolled/contracts';
import type { Noise } from '@unrolled/denoising';
import { type Image, image } from '@unrolled/images';
import type { NamedPicture } from './album.ts';

/** A test picture under one draw of the noise. */
export interface NoisyPicture {
  readonly name: string;
  /** From 0. */
  readonly draw: number;
  readonly clean: Image;
  /** What a denoiser is given: grey values, or counts. It estimates their means. */
  readonly noisy: Image;
  /** What a unit of `noisy` is worth in the picture: 1, or max(clean) / peak. */
  readonly unit: number;
}

/**
 * Every picture under some draws of the noise. A draw depends on the seed, the picture's name and its number alone: whoever is tested, in
 * whichever thread, is given the same pixels.
 */
export function noisySet(
  pictures: readonly NamedPicture[],
  { noise, draws, seed }: { readonly noise: Noise; readonly draws: number; readonly seed: number },
): NoisyPicture[] {
  return Array.from({ length: draws }, (_, draw) => draw).flatMap((draw) =>
    pictures.map(({ name, picture }) => {
      const signal = noise.signal(picture);
      const noisy = noise.corrupt(signal, random(seed).split('test noise').split(name).split(draw));
      return { name, draw, clean: picture, noisy, unit: brightest(picture) / brightest(signal) };
    }),
  );
}

/** An estimate in the units of what was measured, in those of the picture. Nothing is clipped. */
export const inPicture = ({ unit }: NoisyPicture, { data, height, width, channels }: Image): Image =>
  image(
    data.map((value) => value * unit),
    { height, width, channels },
  );

/** The greatest value of a picture. */
export const brightest = ({ data }: Image): number =>
  data.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
