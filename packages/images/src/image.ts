import {
  refuse,
  requireAllFinite,
  requireInteger,
  requireKnownOptions,
  UnrolledError,
} from '@unrolled/contracts';

/**
 * A picture on the host: float32 numbers, row by row from the top, the channels of a pixel beside each other.
 *
 * Black is 0 and white is 1, as the full range of a PNG file is read; nothing clips on the way: a component of a picture may be
 * negative, and is clipped where it is written to a file. One channel is grey, two are grey and opacity, three red, green and
 * blue, four those and opacity.
 */
export interface Image {
  /** `[height, width, channels]`, the last axis fastest. */
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The size of a picture, or of a part of it, in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/**
 * A picture of these numbers, which are kept and not copied.
 *
 * @param data `[height, width, channels]`, finite
 * @param size.channels default 1
 * @throws INVALID_SHAPE where the numbers are not as many as the size says, NOT_FINITE for a NaN or infinity among them
 * @example
 * const grey = image(Float32Array.of(0, 0.5, 1, 0.5), { height: 2, width: 2 });
 */
export function image(data: Float32Array, size: Size & { readonly channels?: number }): Image {
  requireKnownOptions('size', size, ['height', 'width', 'channels']);
  const { height, width, channels = 1 } = size;
  return Object.freeze(requireImage('image', { data, height, width, channels }));
}

/** Refuses what is no picture: by the name of the argument. */
export function requireImage(name: string, given: Image): Image {
  const { data, height, width, channels } = given ?? {};
  if (!(data instanceof Float32Array)) refuse(`${name}.data`, data, 'a Float32Array');
  requireInteger(`${name}.height`, height);
  requireInteger(`${name}.width`, width);
  requireInteger(`${name}.channels`, channels);
  if (data.length !== height * width * channels) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${name}: expected ${height * width * channels} numbers for [${height}, ${width}, ${channels}], got ${data.length}`,
    );
  }
  requireAllFinite(name, data);
  return given;
}

/** A height and a width ≥ 1. */
export function requireSize(name: string, size: Size): Size {
  const { height, width } = size ?? {};
  return {
    height: requireInteger(`${name}.height`, height),
    width: requireInteger(`${name}.width`, width),
  };
}

/** Refuses a picture that a part of this size does not fit into. */
export function requireFitting(name: string, part: Size, picture: Size): void {
  if (part.height <= picture.height && part.width <= picture.width) return;
  throw new UnrolledError(
    'INVALID_SHAPE',
    `${name}: expected at least ${part.height} × ${part.width} pixels, got ${picture.height} × ${picture.width}`,
  );
}
