import type { Random } from '@unrolled/contracts';
import { type Image, image, type Patches, randomPatches, type Size, withValues } from '@unrolled/images';
import { medianOf } from '../separation/level.ts';
import type { Component } from './components.ts';

/**
 * How far the level of a mixture can be from that of its last component, as a deviation: strokes that cover a fifth of a picture raise its
 * median by half of the texture's contrast, and light falls unevenly.
 */
const levelDeviation = 0.05;

/**
 * Patches of every component, as many of each. Those of the last one are without the level of their pictures, but for a little that is
 * drawn for each patch: what is left of a level belongs to that component, and has to be learned as its.
 */
export function componentPatches(
  components: readonly Component[],
  patch: Size,
  count: number,
  random: Random,
): Patches[] {
  return components.map(({ name, pictures }, index) => {
    const own = random.split(name);
    if (index < components.length - 1) return randomPatches(pictures, { ...patch, count, random: own });
    const patches = randomPatches(pictures.map(withoutLevel), { ...patch, count, random: own });
    const levels = Float32Array.from({ length: count }, () => own.normal(0, levelDeviation));
    const features = patches.shape[1];
    return withValues(
      patches,
      patches.data.map((value, at) => value + levels[Math.floor(at / features)]!),
    );
  });
}

function withoutLevel(picture: Image): Image {
  const level = medianOf(picture.data);
  return image(
    picture.data.map((value) => value - level),
    { height: picture.height, width: picture.width },
  );
}
