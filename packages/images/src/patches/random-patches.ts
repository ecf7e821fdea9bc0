import { type Random, refuse, requireInteger, requireKnownOptions, requireShape } from '@unrolled/contracts';
import { type Image, requireFitting, requireImage, requireSize, type Size } from '../image.ts';
import { requireRandom } from '../require-random.ts';
import { cutPatches, type Patches } from './patches.ts';

/** Which patches are drawn. */
export interface RandomPatchesOptions extends Size {
  /** How many. */
  readonly count: number;
  /** Decides which. */
  readonly random: Random;
}

/**
 * Patches from random places of pictures: every place of every picture is as likely as any other, and may be drawn again.
 *
 * @param pictures one or more, of the same channels; of any size, but none smaller than a patch
 * @throws INVALID_SHAPE, naming the picture that is too small or has other channels
 * @example randomPatches(photographs, { height: 16, width: 16, count: 10_000, random: random(0) })
 */
export function randomPatches(pictures: Image | readonly Image[], options: RandomPatchesOptions): Patches {
  requireKnownOptions('randomPatches', options, ['height', 'width', 'count', 'random']);
  const { random } = options;
  const { height, width } = requireSize('randomPatches', options);
  const count = requireInteger('count', options.count);
  requireRandom(random);
  const list: readonly Image[] = Array.isArray(pictures) ? pictures : [pictures as Image];
  if (list.length === 0) refuse('pictures', list, 'at least one picture');
  const { channels } = list[0]!;
  const places = list.map((picture, index) => {
    const name = `pictures[${index}]`;
    requireImage(name, picture);
    requireFitting(name, { height, width }, picture);
    requireShape(`${name}.channels`, [picture.channels], [channels], 'the channels of the first');
    return { down: picture.height - height + 1, across: picture.width - width + 1 };
  });
  const total = places.reduce((sum, { down, across }) => sum + down * across, 0);

  const features = height * width * channels;
  const data = new Float32Array(count * features);
  const tops = new Int32Array(count);
  const lefts = new Int32Array(count);
  for (let patch = 0; patch < count; patch++) {
    let place = random.integer(total);
    let index = 0;
    for (; place >= places[index]!.down * places[index]!.across; index++) {
      place -= places[index]!.down * places[index]!.across;
    }
    const { across } = places[index]!;
    tops[patch] = Math.floor(place / across);
    lefts[patch] = place % across;
    const cut = cutPatches(
      list[index]!,
      { height, width },
      tops.subarray(patch, patch + 1),
      lefts.subarray(patch, patch + 1),
    );
    data.set(cut.data, patch * features);
  }
  const shape = Object.freeze([count, features] as const);
  return Object.freeze({ data, shape, height, width, channels, tops, lefts });
}
