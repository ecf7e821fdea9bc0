import { UnrolledError } from '@unrolled/contracts';
import { type NdArray, ndArray } from '@unrolled/formats';
import type { Learned } from './learned.ts';

/** A `Learned` as arrays and one text: what `encodeSafetensors` and `writeNpz` of `@unrolled/formats` take. */
export interface SavedLearned {
  readonly tensors: { readonly [name: string]: NdArray };
  /** JSON of everything that is no array. */
  readonly metadata: string;
}

/** Of the layout below; a file of another version is refused. */
const VERSION = 1;

/**
 * Takes a `Learned` apart for saving. Numbers of the host are kept in float64: sorting with what is loaded gives the same
 * spikes.
 *
 * @example
 * const { tensors, metadata } = saveLearned(learned);
 * writeFileSync('learned.safetensors', encodeSafetensors(tensors, { learned: metadata }));
 */
export function saveLearned(learned: Learned): SavedLearned {
  const { frontEnd, filters, templates, weights, norms, ...rest } = learned;
  const { band, offsets, noise, whitening, whiteningFilter, ...front } = frontEnd;
  const { half, ...edges } = band;
  const used = front.usedChannels.length;
  const float64 = (values: readonly number[]) => ndArray(Float64Array.from(values));
  return {
    tensors: {
      'operator.filters': ndArray(filters.data, filters.shape),
      'prior.weight': float64(weights),
      norms: float64(norms),
      templates: ndArray(templates.data, templates.shape),
      'front.band': ndArray(half),
      'front.offsets': float64(offsets),
      'front.noise': float64(noise),
      'front.whitening': ndArray(Float64Array.from(whitening.flat()), [used, used]),
      'front.whiteningFilter': ndArray(whiteningFilter.half),
    },
    metadata: JSON.stringify({ version: VERSION, ...rest, frontEnd: { ...front, band: edges } }),
  };
}

/**
 * Puts a `Learned` together again.
 *
 * @throws INVALID_FILE where an array is missing or has another type or shape, or the text is not what `saveLearned` writes
 */
export function loadLearned({ tensors, metadata }: SavedLearned): Learned {
  const { version, frontEnd, ...rest } = parse(metadata);
  if (version !== VERSION) fail(`expected version ${VERSION}, found ${String(version)}`);
  if (
    !Array.isArray(frontEnd?.usedChannels) ||
    !Array.isArray(rest.peaks) ||
    !Array.isArray(rest.statistics)
  ) {
    fail('expected the metadata that saveLearned writes');
  }
  const used = frontEnd.usedChannels.length;
  const units = rest.peaks.length;
  const array = (name: string, dtype: 'float32' | 'float64', shape: readonly number[]) => {
    const found = tensors[name];
    const fits =
      found?.shape.length === shape.length && shape.every((size, i) => size < 0 || size === found.shape[i]);
    if (found === undefined || found.dtype !== dtype || !fits)
      fail(`expected ${name}, ${dtype} [${shape.join(', ')}]`);
    return found!;
  };
  const float32 = (name: string, shape: readonly number[]) => {
    const found = array(name, 'float32', shape);
    return { data: Float32Array.from(found.data as Float32Array), shape: [...found.shape] };
  };
  const float64 = (name: string, shape: readonly number[]) =>
    Float64Array.from(array(name, 'float64', shape).data as Float64Array);
  const whitening = float64('front.whitening', [used, used]);
  return Object.freeze({
    ...rest,
    frontEnd: Object.freeze({
      ...frontEnd,
      band: { ...frontEnd.band, half: float64('front.band', [-1]) },
      offsets: [...float64('front.offsets', [used])],
      noise: [...float64('front.noise', [used])],
      whitening: Array.from({ length: used }, (_, row) => [
        ...whitening.subarray(row * used, (row + 1) * used),
      ]),
      whiteningFilter: { half: float64('front.whiteningFilter', [-1]) },
    }),
    filters: float32('operator.filters', [-1, used, units]),
    weights: [...float64('prior.weight', [units])],
    norms: [...float64('norms', [units])],
    templates: float32('templates', [units, -1, frontEnd.channels]),
  });
}

/** The metadata as `saveLearned` writes it; what is wrong in it shows in the checks that follow. */
function parse(metadata: string): Learned & { readonly version: unknown } {
  try {
    const value: unknown = JSON.parse(metadata);
    if (typeof value === 'object' && value !== null) return value as Learned & { readonly version: unknown };
  } catch {
    // Said below.
  }
  return fail('expected JSON');
}

function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `learned: ${message}`);
}
