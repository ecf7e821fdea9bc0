import { refuse, requireInteger, requirePositive, UnrolledError } from '@unrolled/contracts';
import { type ArrayOf, type DType, ndArray, type StoredType } from '@unrolled/formats';

/** A recording that is read piece by piece: it may be larger than memory. */
export interface Recording {
  /** What it is called in messages: the path of a file. */
  readonly name: string;
  /** Sampling rate, Hz; undefined where neither the file nor the caller says. See `requireRate`. */
  readonly rate: number | undefined;
  /** Samples a channel. */
  readonly samples: number;
  readonly channels: number;
  /** The number type in which it is stored. */
  readonly dtype: StoredType;
  /** Where a file holds interleaved little-endian numbers of `dtype` from `byteOffset` to its end; undefined otherwise. */
  readonly source?: { readonly path: string; readonly byteOffset: number };
  /**
   * The samples start … end − 1 as stored (integers unscaled), interleaved `[time, channels]`. A new array.
   *
   * @throws where 0 ≤ start ≤ end ≤ samples does not hold
   */
  read(start: number, end: number): Promise<Float32Array>;
  /** Frees what it holds open. A second call does nothing. */
  close(): Promise<void>;
}

/** A typed array of numbers, bigints excluded. */
export type NumberArray = ArrayOf[Exclude<DType, 'int64' | 'uint64'>];

/**
 * A recording out of an array in memory. The array is kept, not copied.
 *
 * @param values interleaved samples `[time, channels]`
 * @param options.rate sampling rate, Hz; may be left out
 * @param options.channels default 1
 * @param options.name default `'array'`
 * @throws where the array is empty, the channels do not divide it, or the rate is not positive
 * @example recordingFromArray(new Int16Array(30_000 * 4), { rate: 15_000, channels: 4 })
 */
export function recordingFromArray(
  values: NumberArray,
  options: {
    readonly rate?: number | undefined;
    readonly channels?: number | undefined;
    readonly name?: string;
  } = {},
): Recording {
  const { rate, channels = 1, name = 'array' } = options;
  if (rate !== undefined) requirePositive('options.rate', rate);
  requireInteger('options.channels', channels);
  const { dtype } = ndArray(values);
  if (values.length === 0) throw new UnrolledError('INVALID_SHAPE', `${name}: expected samples, got none`);
  if (values.length % channels !== 0) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${name}: expected a multiple of ${channels} channels, got ${values.length} numbers`,
    );
  }
  const samples = values.length / channels;
  return Object.freeze({
    name,
    rate,
    samples,
    channels,
    dtype,
    async read(start: number, end: number) {
      requireRange(samples, start, end);
      return new Float32Array(values.subarray(start * channels, end * channels));
    },
    async close() {},
  });
}

/**
 * The sampling rate of a recording.
 *
 * @throws where it is not known
 */
export function requireRate({ name, rate }: Pick<Recording, 'name' | 'rate'>): number {
  if (rate === undefined) refuse('rate', rate, `a sampling rate in Hz (${name} does not say)`);
  return requirePositive('rate', rate);
}

/** Refuses a range of samples that is not within 0 … samples. */
export function requireRange(samples: number, start: number, end: number): void {
  requireInteger('start', start, 0);
  requireInteger('end', end, 0);
  if (start > end || end > samples) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `start, end: expected a range within 0 to ${samples} samples, got ${start} to ${end}`,
    );
  }
}
