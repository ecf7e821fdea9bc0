import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random, refuse, requireInteger, requireKnownOptions, requirePositive } from '@unrolled/contracts';

/** Options of {@link imageFilters}. */
export interface ImageFiltersOptions {
  /** Pixels of a filter: one number for both axes, or `[height, width]`. */
  readonly size: number | readonly [height: number, width: number];
  readonly atoms: number;
  /** Default 1, grey. */
  readonly channels?: number;
  /** The norm of every filter. Default 0.0147, that of the released networks when their training began. */
  readonly norm?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * First filters of an image network that has its step in them (`step: 1, norms: 'free'`): normal noise, each filter scaled to one
 * small norm.
 *
 * The released code divides filters of unit norm by √L, L being five times what 200 power iterations of x → Hᵀ exp(H x) give for a
 * code of 512 × 512. That number, 4462 to 5083 in the released weights, grows with the size of the code rather than with the
 * filters, for exp(H x) is about 1; hence the plain norm 1/√4630 = 0.0147 here. The Gaussian likelihood allows 1/‖H‖ for filters H of
 * unit norm, some twenty times as much.
 *
 * The norm is what training begins with, not what it comes to. For hundreds of updates rather than the papers' millions, with Adam of
 * rate 1e-3, larger norms (0.1) and smaller biases (0.02) are ahead of 0.0147 and 0.1.
 *
 * @returns a fresh tensor `[height, width, channels, atoms]`
 * @throws INVALID_ARGUMENT, NOT_FINITE, UNKNOWN_OPTION
 * @example const filters = imageFilters({ size: 11, atoms: 169 }); // [11, 11, 1, 169]
 */
export function imageFilters(options: ImageFiltersOptions): Tensor4D {
  requireKnownOptions('imageFilters', options, ['size', 'atoms', 'channels', 'norm', 'seed']);
  const { size, norm = 0.0147, channels = 1, seed = 0 } = options;
  const [height, width] =
    typeof size === 'number'
      ? [size, size]
      : size?.length === 2
        ? size
        : refuse('size', size, 'a number, or [height, width]');
  for (const [name, count] of Object.entries({ height, width, channels, atoms: options.atoms }))
    requireInteger(name, count);
  requirePositive('norm', norm);
  const shape = [height, width, channels, options.atoms] as const;
  const draw = random(seed);
  const values = Float64Array.from({ length: height * width * channels * options.atoms }, () =>
    draw.normal(),
  );
  const squares = new Float64Array(options.atoms);
  values.forEach((value, index) => {
    squares[index % options.atoms]! += value ** 2;
  });
  return tf.tensor4d(
    Float32Array.from(values, (value, index) => (norm * value) / Math.sqrt(squares[index % options.atoms]!)),
    [...shape],
  );
}
