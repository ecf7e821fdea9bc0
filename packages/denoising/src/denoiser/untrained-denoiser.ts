import * as tf from '@tensorflow/tfjs-core';
import { refuse, requireInteger, requireKnownOptions, requireNonNegative } from '@unrolled/contracts';
import { ndArray } from '@unrolled/formats';
import type { ModelDescription } from '../files/description.ts';
import { type ModelDenoiser, modelDenoiser } from '../files/model-denoiser.ts';
import { type Noise, requireNoise } from '../noise/noise.ts';
import { cosineFilters } from './cosine-filters.ts';

/** Options of {@link untrainedDenoiser}. */
export interface UntrainedDenoiserOptions {
  /** What it is to be trained under. */
  readonly noise: Noise;
  /** Filters, at most size²; under shot noise an even number, at most 2 · size². */
  readonly atoms: number;
  /** K, pixels of a side of a filter. */
  readonly size: number;
  /** s, pixels from one position of the code to the next. */
  readonly stride: number;
  /** T. */
  readonly layers: number;
  /** The thresholds, in standard deviations of the noise in a code; that of the constant is 0. Default 2. */
  readonly threshold?: number;
}

/** How a network of a family of noise begins. */
interface Start {
  readonly description: Pick<ModelDescription, 'likelihood' | 'prior' | 'peak' | 'deviation' | 'centred'>;
  /** One-sided codes need the negative of every cosine beside it. */
  readonly signs: readonly number[];
  /** κ: how steep the mean is in the natural parameter at most. */
  readonly curvature: number;
  /** Of what is recorded, typically. */
  readonly deviation: number;
  /** The natural parameter without any code. */
  readonly baseline?: number;
}

/** Of the brightest pixel's mean: what pictures are in the mean, roughly. */
const typicalBrightness = 0.4;

const starts: { readonly [F in Noise['family']]: (noise: Noise) => Start } = {
  gaussian: ({ level, centred = false }) => ({
    description: { likelihood: 'gaussian', prior: 'l1', deviation: level, centred },
    signs: [1],
    curvature: 1,
    deviation: level,
  }),
  poisson: ({ level }) => ({
    description: { likelihood: 'poisson', prior: 'nonNegativeL1', peak: level, centred: false },
    signs: [1, -1],
    curvature: level,
    deviation: Math.sqrt(typicalBrightness * level),
    baseline: Math.log(typicalBrightness * level),
  }),
};

/**
 * A denoiser before training: T steps of ISTA with cosine filters, untied, averaged over shifts. It thresholds cosine transforms of
 * overlapping blocks, which denoises already.
 *
 * The step is in the filters: each has the norm 1/(√κ ‖H‖), H the unit cosines and κ the curvature, 1 or the peak of counts. Noise of
 * deviation σ is σ times that norm in a code, which thresholds are multiples of.
 *
 * @returns a DCEA: under white noise with two-sided codes; under shot noise with codes ≥ 0, filters in pairs h and −h, a baseline of
 *   log(0.4 · peak), and the residual bounded by the peak
 * @throws INVALID_ARGUMENT, NOT_FINITE, UNKNOWN_OPTION
 * @example
 * const denoiser = await untrainedDenoiser({ noise: whiteNoise(25 / 255), atoms: 64, size: 8, stride: 4, layers: 5 });
 * const crops = noisyCrops(pictures, { height: 64, width: 64, noise: denoiser.noise, batchSize: 4, batches: 100 });
 * for await (const event of trainDcea(denoiser.network, crops, { on: 'targets', shifts: 1, epochs: 20 })) console.log(event);
 */
export async function untrainedDenoiser(options: UntrainedDenoiserOptions): Promise<ModelDenoiser> {
  requireKnownOptions('untrainedDenoiser', options, [
    'noise',
    'atoms',
    'size',
    'stride',
    'layers',
    'threshold',
  ]);
  const { noise, atoms, size } = options;
  const stride = requireInteger('stride', options.stride);
  const layers = requireInteger('layers', options.layers);
  const threshold = requireNonNegative('threshold', options.threshold ?? 2);
  const start = starts[requireNoise(noise).family](noise);
  const { signs } = start;
  if (requireInteger('atoms', atoms) % signs.length !== 0)
    refuse('atoms', atoms, 'an even number: half of them are the negatives of the others');
  if (stride > requireInteger('size', size)) refuse('stride', stride, `at most ${size}, the size of an atom`);

  // ‖H‖² of unit cosines, exactly where the stride divides the size, and a bound where it does not.
  const bound = signs.length * Math.ceil(size / stride) ** 2;
  const norm = 1 / Math.sqrt(bound * start.curvature);
  const filters = await scaledCosines({ size, atoms: atoms / signs.length }, signs, norm);
  const weights = Float32Array.from({ length: atoms }, (_, atom) =>
    atom % (atoms / signs.length) === 0 ? 0 : threshold * start.deviation * norm,
  );
  const shape = [size, size, 1, atoms];
  const description: ModelDescription = {
    model: 'dcea',
    layers,
    stride,
    momentum: 'none',
    shiftAverage: true,
    ...start.description,
  };
  return modelDenoiser(description, {
    'operator.filters': ndArray(filters, shape),
    'analysis.filters': ndArray(filters, shape),
    'decoder.filters': ndArray(filters, shape),
    'prior.weight': ndArray(weights),
    ...(start.baseline !== undefined && {
      'likelihood.baseline': ndArray(Float32Array.of(start.baseline), []),
    }),
    step: ndArray(Float32Array.of(1), []),
  });
}

/** Cosines of this norm, each with the signs one after the other: `[size, size, 1, atoms]`. */
async function scaledCosines(
  cosines: { readonly size: number; readonly atoms: number },
  signs: readonly number[],
  norm: number,
): Promise<Float32Array> {
  const filters: tf.Tensor = tf.tidy(() => {
    const unit = cosineFilters(cosines);
    return tf.concat(
      signs.map((sign) => tf.mul(unit, sign * norm)),
      -1,
    );
  });
  try {
    return Float32Array.from(await filters.data());
  } finally {
    filters.dispose();
  }
}
