import type { Image } from '@unrolled/images';
import { psnr, ssim } from '@unrolled/metrics';
import { inPicture, type NoisyPicture } from './noisy-set.ts';

/** How near an estimate is to one test picture. */
export interface PictureScore {
  readonly name: string;
  readonly draw: number;
  /** The papers' convention: the peak is the greatest value of the clean picture. dB. */
  readonly psnr: number;
  /** The peak is white, whether the picture has any or not. dB. */
  readonly psnrOfWhite: number;
  readonly ssim: number;
}

/** Mean and standard deviation. */
export interface Spread {
  readonly mean: number;
  /** Of a sample; 0 where there is one value alone. */
  readonly deviation: number;
}

/** A denoiser on all test pictures. */
export interface SetScore {
  /** Of the means over the pictures, over draws of the noise. */
  readonly psnr: Spread;
  readonly psnrOfWhite: Spread;
  readonly ssim: Spread;
  /** PSNR of every picture, over draws. */
  readonly pictures: { readonly [name: string]: Spread };
}

/** Scores an estimate that is in the units of what was measured. */
export function scorePicture(test: NoisyPicture, estimate: Image): PictureScore {
  const { name, draw, clean } = test;
  const picture = inPicture(test, estimate);
  return {
    name,
    draw,
    psnr: psnr(clean.data, picture.data),
    psnrOfWhite: psnr(clean.data, picture.data, { peak: 1 }),
    ssim: ssim(clean, picture),
  };
}

/** Means over the pictures of every draw, and what the draws differ by. */
export function scoreSet(scores: readonly PictureScore[]): SetScore {
  const draws = [...new Set(scores.map(({ draw }) => draw))];
  const names = [...new Set(scores.map(({ name }) => name))];
  const overDraws = (value: (score: PictureScore) => number): Spread =>
    spread(draws.map((draw) => mean(scores.filter((score) => score.draw === draw).map(value))));
  return {
    psnr: overDraws((score) => score.psnr),
    psnrOfWhite: overDraws((score) => score.psnrOfWhite),
    ssim: overDraws((score) => score.ssim),
    pictures: Object.fromEntries(
      names.map((name) => [
        name,
        spread(scores.filter((score) => score.name === name).map((score) => score.psnr)),
      ]),
    ),
  };
}

/** Mean and standard deviation of some numbers. */
export function spread(values: readonly number[]): Spread {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return { mean: middle, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/** The mean of some numbers. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
