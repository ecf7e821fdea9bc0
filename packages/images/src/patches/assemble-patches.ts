import { refuse, requireKnownOptions, requireOneOf, UnrolledError } from '@unrolled/contracts';
import { type Image, image, requireSize, type Size } from '../image.ts';
import { type Patches, requirePatches } from './patches.ts';
import { type Window, windowWeights } from './windows.ts';

/** Options of {@link assemblePatches}. */
export interface AssembleOptions {
  /** Where patches overlap, a pixel is the mean of theirs, weighted by this window. Default `'flat'`. */
  readonly window?: Window;
}

/**
 * Puts patches together to a picture again: every pixel is the weighted mean of the patches that it lies in.
 *
 * Of patches that nobody changed it is the picture, bit for bit, edges included: the mean of equal numbers is taken in
 * float64.
 *
 * @param size of the picture; a picture of that size will do
 * @throws INVALID_ARGUMENT where a patch does not lie within the picture, or a pixel in no patch
 * @example
 * const patches = gridPatches(picture, { height: 16, width: 16, stride: 8 });
 * const again = assemblePatches(patches, picture);
 */
export function assemblePatches(patches: Patches, size: Size, options: AssembleOptions = {}): Image {
  requireKnownOptions('assemblePatches', options, ['window']);
  const { channels } = requirePatches('patches', patches);
  const canvas = patchCanvas(requireSize('size', size), channels, options.window ?? 'flat');
  canvas.add(patches);
  return canvas.picture();
}

/** A picture that patches are added to, some at a time. */
export interface PatchCanvas {
  add(patches: Patches): void;
  /** The weighted means. */
  picture(): Image;
}

export function patchCanvas({ height, width }: Size, channels: number, window: Window): PatchCanvas {
  requireOneOf('window', window, ['flat', 'hann']);
  const sums = new Float64Array(height * width * channels);
  const totals = new Float64Array(height * width);
  return Object.freeze({
    add: (patches: Patches) => {
      const weights = windowWeights(window, patches);
      const [count, features] = patches.shape;
      for (let patch = 0; patch < count; patch++) {
        const [top, left] = [patches.tops[patch]!, patches.lefts[patch]!];
        const inside =
          top >= 0 && left >= 0 && top + patches.height <= height && left + patches.width <= width;
        if (!inside)
          refuse('patches', `one at row ${top}, column ${left}`, `places within ${height} × ${width}`);
        for (let pixel = 0; pixel < weights.length; pixel++) {
          const row = top + Math.floor(pixel / patches.width);
          const at = row * width + left + (pixel % patches.width);
          totals[at]! += weights[pixel]!;
          for (let channel = 0; channel < channels; channel++) {
            const value = patches.data[patch * features + pixel * channels + channel]!;
            sums[at * channels + channel]! += weights[pixel]! * value;
          }
        }
      }
    },
    picture: () => {
      const bare = totals.indexOf(0);
      if (bare >= 0) {
        throw new UnrolledError(
          'INVALID_ARGUMENT',
          `patches: expected every pixel to lie in a patch, none has row ${Math.floor(bare / width)}, column ${bare % width}`,
        );
      }
      const data = Float32Array.from(sums, (sum, index) => sum / totals[Math.floor(index / channels)]!);
      return image(data, { height, width, channels });
    },
  });
}
