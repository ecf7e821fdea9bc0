import type { Random } from '@unrolled/contracts';
import { type Image, image, type Patches, randomPatches, type Size } from '@unrolled/images';
import { medianOf } from '../separation/level.ts';
import type { Component } from './components.ts';

/** Patches of every component, as many of each; of the last one without the level of their pictures. */
export function componentPatches(
  components: readonly Component[],
  patch: Size,
  count: number,
  random: Random,
): Patches[] {
  return components.map(({ name, pictures }, index) => {
    const from = index === components.length - 1 ? pictures.map(withoutLevel) : pictures;
    return randomPatches(from, { ...patch, count, random: random.split(name) });
  });
}

function withoutLevel(picture: Image): Image {
  const level = medianOf(picture.data);
  return image(
    picture.data.map((value) => value - level),
    { height: picture.height, width: picture.width },
  );
}
