import { random } from '@unrolled/contracts';
import type { Noise } from '@unrolled/denoising';
import { crop, type Image, image } from '@unrolled/images';
import type { NamedPicture } from './album.ts';
import { middle } from './comparison-sheet.ts';

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

/** Which noisy pictures are made. */
export interface NoisySetOptions {
  readonly noise: Noise;
  /** Of the noise, for every picture. */
  readonly draws: number;
  readonly seed: number;
  /** The middle of a picture alone, of so many pixels on a side; undefined: all of it. */
  readonly side?: number | undefined;
}

/**
 * Every picture under some draws of the noise. A draw depends on the seed, the picture's name and its number alone: whoever is tested, in
 * whichever thread, is given the same pixels.
 */
export function noisySet(pictures: readonly NamedPicture[], options: NoisySetOptions): NoisyPicture[] {
  const { noise, draws, seed, side } = options;
  return Array.from({ length: draws }, (_, draw) => draw).flatMap((draw) =>
    pictures.map(({ name, picture }) => {
      const clean = side === undefined ? picture : crop(picture, middle(picture, side));
      const signal = noise.signal(clean);
      const noisy = noise.corrupt(signal, random(seed).split('test noise').split(name).split(draw));
      return { name, draw, clean, noisy, unit: brightest(clean) / brightest(signal) };
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
