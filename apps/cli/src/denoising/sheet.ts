import type { Denoiser, Noise } from '@unrolled/denoising';
import { codeActivity } from '@unrolled/denoising';
import { crop, type Image, image, imageSheet, type SheetCell } from '@unrolled/images';

/** Pixels of a side of what a sheet shows of a picture: noise is seen where no pixel is left out. */
const shownSide = 480;

/** A picture before and after, in the units of its noise, and how near each comes to the clean one in dB, where that is known. */
export interface Denoised {
  readonly before: Image;
  readonly after: Image;
  readonly noise: Noise;
  /** What is white. */
  readonly white: number;
  readonly psnr?: { readonly before: number; readonly after: number };
}

/** Before, after, what was taken off, and where the network found something: the middle of a large picture. */
export async function denoisingSheet(
  { before, after, noise, white, psnr }: Denoised,
  denoiser: Denoiser,
): Promise<Image> {
  const [noisy, clean] = [middleOf(before), middleOf(after)];
  const activity = await codeActivity(noisy, denoiser, { noise });
  const most = activity.data.reduce((largest, value) => Math.max(largest, value), 1e-6);
  const decibels = (key: 'before' | 'after'): string => (psnr ? ` ${psnr[key].toFixed(2)} dB` : '');
  const residual = noisy.data.map((value, index) => value - clean.data[index]!);
  const spread = Math.sqrt(residual.reduce((sum, value) => sum + value ** 2, 0) / residual.length) || 1;
  const cells: SheetCell[] = [
    { picture: mapped(noisy, (value) => value / white), caption: `before${decibels('before')}` },
    { picture: mapped(clean, (value) => value / white), caption: `after${decibels('after')}` },
    // Nothing is a middle grey; three deviations are black and white.
    {
      picture: mapped(noisy, (_, index) => 0.5 + residual[index]! / (6 * spread)),
      caption: 'taken off',
    },
    {
      picture: brightness(mapped(activity, (value) => value / most)),
      caption: `active atoms, 0 to ${(100 * most).toFixed(0)}%`,
    },
  ];
  return imageSheet([cells.slice(0, 2), cells.slice(2)], { scale: noisy.width < shownSide / 2 ? 2 : 1 });
}

function middleOf(picture: Image): Image {
  const height = Math.min(picture.height, shownSide);
  const width = Math.min(picture.width, shownSide);
  const top = Math.floor((picture.height - height) / 2);
  const left = Math.floor((picture.width - width) / 2);
  return crop(picture, { top, left, height, width });
}

const mapped = (
  { data, height, width, channels }: Image,
  f: (value: number, index: number) => number,
): Image => image(data.map(f), { height, width, channels });

/** The mean over channels. */
function brightness({ data, height, width, channels }: Image): Image {
  const means = new Float32Array(height * width);
  data.forEach((value, index) => {
    means[Math.floor(index / channels)]! += value / channels;
  });
  return image(means, { height, width });
}
