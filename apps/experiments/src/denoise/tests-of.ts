import { whiteNoise } from '@unrolled/denoising';
import { crop } from '@unrolled/images';
import type { PictureAlbum } from '../pictures/album.ts';
import { middle } from '../pictures/comparison-sheet.ts';
import { type NoisyPicture, noisySet } from '../pictures/noisy-set.ts';
import { deviation } from './plan.ts';

/** The test pictures, or their middles of so many pixels on a side, under one draw of the noise: the same for everyone. */
export function testsOf({ test }: PictureAlbum, side: number | undefined, seed: number): NoisyPicture[] {
  const pictures = test.map(({ name, picture }) => ({
    name,
    picture: side === undefined ? picture : crop(picture, middle(picture, side)),
  }));
  return noisySet(pictures, { noise: whiteNoise(deviation), draws: 1, seed });
}
