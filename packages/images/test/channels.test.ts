import { describe, expect, it } from 'vitest';
import { image, joinChannels, splitChannels, splitOpacity } from '../src/index.ts';
import { greyRows, noisePicture } from './fixtures.ts';

describe('channels', () => {
  it.each([1, 2, 3, 4, 7])('of %i are split and joined again', (channels) => {
    const picture = noisePicture(3, 5, channels);
    const parts = splitChannels(picture);
    expect(parts.map((part) => part.channels)).toEqual(new Array(channels).fill(1));
    expect(parts.at(-1)!.data[4]).toBe(picture.data[4 * channels + channels - 1]);
    expect(joinChannels(parts)).toEqual(picture);
  });

  it('of opacity are kept apart, and joined to what has been done with the light', () => {
    const picture = image(Float32Array.of(0.1, 0.2, 0.3, 1, 0.4, 0.5, 0.6, 0), {
      height: 1,
      width: 2,
      channels: 4,
    });
    const { light, opacity } = splitOpacity(picture);
    expect(Array.from(light.data)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map(Math.fround));
    expect(opacity).toEqual(greyRows([1, 0]));
    expect(joinChannels([light, opacity!])).toEqual(picture);
    expect(splitOpacity(light)).toEqual({ light });
  });

  it('are joined for pictures of one size alone', () => {
    expect(() => joinChannels([])).toThrow(/at least one picture/);
    expect(() => joinChannels([noisePicture(2, 3), noisePicture(3, 2)])).toThrow(
      /pictures\[1\].*\[2, 3\], got \[3, 2\]/,
    );
    expect(() => splitOpacity(noisePicture(1, 1, 5))).toThrow(/1 to 4 channels/);
  });
});
