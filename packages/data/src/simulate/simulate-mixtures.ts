import {
  random,
  requireInteger,
  requireKnownOptions,
  requireNonNegative,
  requirePositive,
} from '@unrolled/contracts';
import { type NdArray, ndArray } from '@unrolled/formats';
import { writtenDigit } from './digit-strokes.ts';
import { drawStrokes } from './draw-strokes.ts';
import { drawTexture } from './texture.ts';

/** What is simulated; everything has a default. */
export interface MixtureSimulationOptions {
  /** How many pictures; default 1. */
  readonly pictures?: number;
  /** Of a picture, pixels; default 64. */
  readonly height?: number;
  /** Of a picture, pixels; default 64. */
  readonly width?: number;
  /** Of a digit, pixels; default 32. There is one in every square of that size. */
  readonly digitSize?: number;
  /** Of the lines, 0 … 1; default 0.45. */
  readonly brightness?: number;
  /** The mean of the textures; default 0.35. */
  readonly level?: number;
  /** The deviation of the textures; default 0.1. */
  readonly contrast?: number;
  /** A whole number ≥ 0; default 0. */
  readonly seed?: number;
}

/** Pictures that are sums of two things, and the two, all `[pictures, height, width]`, and which digits were written. */
export interface MixtureSimulation {
  /** digits + textures. */
  readonly mixtures: NdArray<'float32'>;
  /** Bright lines on black. */
  readonly digits: NdArray<'float32'>;
  /** Gratings and filtered noise around the level. */
  readonly textures: NdArray<'float32'>;
  /** 0 … 9, `[pictures, digits of a picture]`, row by row. */
  readonly labels: NdArray<'int32'>;
}

const known = ['pictures', 'height', 'width', 'digitSize', 'brightness', 'level', 'contrast', 'seed'];

/**
 * Simulates pictures for source separation: handwriting on a texture. Digits are drawn as lines and arcs, each written a little
 * differently and with a pen of its own; every picture has a texture of its own, a grating or noise of one band of frequencies
 * and directions. Picture i is the same however many are made.
 *
 * @throws where an option is out of range, or unknown
 * @example const { mixtures, digits, textures } = simulateMixtures({ pictures: 100, height: 32, width: 32, seed: 1 });
 */
export function simulateMixtures(options: MixtureSimulationOptions = {}): MixtureSimulation {
  requireKnownOptions('options', options, known);
  const pictures = requireInteger('pictures', options.pictures ?? 1);
  const height = requireInteger('height', options.height ?? 64);
  const width = requireInteger('width', options.width ?? 64);
  const digitSize = requireInteger('digitSize', options.digitSize ?? 32, 8);
  const brightness = requirePositive('brightness', options.brightness ?? 0.45);
  const level = requireNonNegative('level', options.level ?? 0.35);
  const contrast = requireNonNegative('contrast', options.contrast ?? 0.1);
  const root = random(options.seed ?? 0);

  const size = height * width;
  const digits = new Float32Array(pictures * size);
  const textures = new Float32Array(pictures * size);
  const labels: number[] = [];
  for (let picture = 0; picture < pictures; picture++) {
    const own = root.split(picture);
    const data = digits.subarray(picture * size, (picture + 1) * size);
    for (let top = 0; top < height; top += digitSize) {
      for (let left = 0; left < width; left += digitSize) {
        const digit = own.integer(10);
        labels.push(digit);
        const strokes = writtenDigit(digit, own);
        const thickness = digitSize * own.uniform(0.07, 0.12);
        const pen = { top, left, size: digitSize, thickness, blur: own.uniform(1, 1.8), brightness };
        drawStrokes({ data, height, width }, strokes, pen);
      }
    }
    textures.set(
      drawTexture(height, width, contrast, own).map((value) => level + value),
      picture * size,
    );
  }
  const shape = [pictures, height, width];
  return Object.freeze({
    mixtures: ndArray(
      digits.map((value, index) => value + textures[index]!),
      shape,
    ),
    digits: ndArray(digits, shape),
    textures: ndArray(textures, shape),
    labels: ndArray(Int32Array.from(labels), [pictures, labels.length / pictures]),
  });
}
