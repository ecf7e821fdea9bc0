import { requireAllFinite, requireInteger, requireShape } from '@unrolled/contracts';

/** A picture of any number of channels: the pictures of `@unrolled/images` are such. */
export interface Picture {
  /** `[height, width, channels]`, the last axis fastest. */
  readonly data: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Two pictures of one size, each side at least `least` pixels. */
export function requirePictures(clean: Picture, estimate: Picture, least: number): void {
  for (const [name, picture] of Object.entries({ clean, estimate })) {
    const { data, height, width, channels } = picture ?? {};
    requireInteger(`${name}.height`, height, least);
    requireInteger(`${name}.width`, width, least);
    requireInteger(`${name}.channels`, channels);
    requireShape(`${name}.data`, [data?.length], [height * width * channels], 'numbers for its size');
    requireAllFinite(name, data);
  }
  const sizes = [clean, estimate].map(({ height, width, channels }) => [height, width, channels]);
  requireShape('estimate', sizes[1]!, sizes[0]!, 'a picture like the clean one');
}

/** One channel of a picture, in float64. */
export function channelOf({ data, channels }: Picture, channel: number): Float64Array {
  return Float64Array.from(
    { length: data.length / channels },
    (_, pixel) => data[pixel * channels + channel]!,
  );
}
