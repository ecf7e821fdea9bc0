import type { FileHandle } from 'node:fs/promises';
import {
  refuse,
  requireInteger,
  requireKnownOptions,
  requireOneOf,
  requirePositive,
  UnrolledError,
} from '@unrolled/contracts';
import { bytesOf, decodeNumbers, parseCsv, type StoredType } from '@unrolled/formats';
import { type Recording, recordingFromArray, requireRange } from './recording.ts';
import {
  headLength,
  npyLayout,
  rawLayout,
  requireAgreement,
  type SampleLayout,
  wavLayout,
} from './sample-layout.ts';

/** What a file may leave open about its samples. */
export interface RecordingOptions {
  /** Sampling rate, Hz. Only .wav files say their own. */
  readonly rate?: number | undefined;
  /** Needed for raw files of several channels; for others checked against the file. */
  readonly channels?: number | undefined;
  /** Needed for raw files; for others checked against the file. */
  readonly dtype?: StoredType | undefined;
}

const storedTypes: readonly StoredType[] = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int24',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float16',
  'float32',
  'float64',
];

/**
 * Opens a recording for reading piece by piece, in constant memory (a .csv file is read at once). Needs Node.
 *
 * - `.npy`: `[time]` or `[time, channels]`, any real number type, either byte order, C or Fortran order. One axis with
 *   `channels` given: interleaved.
 * - `.wav`: PCM or float, any number of channels.
 * - `.csv`: a column a channel, a header row or none.
 * - `.raw`, `.bin`, `.dat`: interleaved little-endian numbers; `dtype` must be given, `channels` is 1 otherwise.
 *
 * NaN and infinity are found by `checkRecording`, which reads all of it.
 *
 * @throws INVALID_FILE where the file is missing, empty, truncated or of another format; INVALID_DTYPE for object and
 *   complex numbers; INVALID_SHAPE where the channels do not divide it; INVALID_ARGUMENT where the rate is not positive or
 *   the caller contradicts the file; UNAVAILABLE outside Node
 * @example const recording = await openRecording('tetrode.npy', { rate: 15_000 });
 */
export async function openRecording(path: string, options: RecordingOptions = {}): Promise<Recording> {
  if (typeof path !== 'string' || path === '') refuse('path', path, 'the path of a file');
  requireKnownOptions('options', options, ['rate', 'channels', 'dtype']);
  if (options.rate !== undefined) requirePositive('rate', options.rate);
  if (options.channels !== undefined) requireInteger('channels', options.channels);
  if (options.dtype !== undefined) requireOneOf('dtype', options.dtype, storedTypes);
  const format = formatOf(path);
  return naming(path, async () => {
    const handle = await openFile(path);
    try {
      if (format === 'csv') return await csvRecording(path, handle, options);
      const { size } = await handle.stat();
      if (size === 0) throw new UnrolledError('INVALID_FILE', 'the file is empty');
      const head =
        format === 'raw' ? new Uint8Array(0) : await readBytes(handle, 0, Math.min(size, headLength));
      const layout =
        format === 'raw'
          ? rawLayout(size, options)
          : (format === 'npy' ? npyLayout : wavLayout)(head, size, options);
      if (layout.rate !== undefined) requireAgreement('rate', options.rate, layout.rate);
      return fileRecording(path, handle, layout, size, options.rate);
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}

type Format = 'npy' | 'wav' | 'csv' | 'raw';

function formatOf(path: string): Format {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const formats: { readonly [extension: string]: Format } = {
    npy: 'npy',
    wav: 'wav',
    csv: 'csv',
    raw: 'raw',
    bin: 'raw',
    dat: 'raw',
  };
  return formats[extension] ?? refuse('path', path, 'a .npy, .wav, .csv, .raw, .bin or .dat file');
}

function fileRecording(
  path: string,
  handle: FileHandle,
  layout: SampleLayout,
  fileLength: number,
  rate: number | undefined,
): Recording {
  const { samples, channels, dtype, littleEndian, byteOffset, planar } = layout;
  const width = bytesOf(dtype);
  const plain = littleEndian && !planar && byteOffset + samples * channels * width === fileLength;
  let open = true;

  const numbers = async (first: number, count: number): Promise<Float32Array> => {
    const bytes = await readBytes(handle, byteOffset + first * width, count * width);
    const stored = decodeNumbers(bytes, dtype, littleEndian);
    if (stored instanceof Float32Array) return stored;
    return Float32Array.from(stored as ArrayLike<number | bigint>, Number);
  };

  const read = async (start: number, end: number): Promise<Float32Array> => {
    if (!open) throw new UnrolledError('INVALID_ARGUMENT', 'the recording is closed');
    requireRange(samples, start, end);
    if (!planar) return numbers(start * channels, (end - start) * channels);
    const values = new Float32Array((end - start) * channels);
    for (let channel = 0; channel < channels; channel++) {
      const column = await numbers(channel * samples + start, end - start);
      for (let time = 0; time < column.length; time++) values[time * channels + channel] = column[time]!;
    }
    return values;
  };

  return Object.freeze({
    name: path,
    rate: layout.rate ?? rate,
    samples,
    channels,
    dtype,
    ...(plain && { source: Object.freeze({ path, byteOffset }) }),
    read: (start: number, end: number) => naming(path, () => read(start, end)),
    async close() {
      if (open) await handle.close();
      open = false;
    },
  });
}

async function csvRecording(path: string, handle: FileHandle, options: RecordingOptions): Promise<Recording> {
  const { array } = parseCsv(new TextDecoder().decode(await handle.readFile()));
  const [rows, columns] = array.shape as readonly [number, number];
  if (rows === 0) throw new UnrolledError('INVALID_FILE', 'the file has no samples');
  requireAgreement('channels', options.channels, columns);
  requireAgreement('dtype', options.dtype, array.dtype);
  await handle.close();
  return recordingFromArray(array.data, { rate: options.rate, channels: columns, name: path });
}

/** Loaded when it is needed and not before, so that the simulators run in a browser, unbundled or bundled. */
async function openFile(path: string): Promise<FileHandle> {
  const files = globalThis.process?.getBuiltinModule?.('node:fs/promises');
  if (files === undefined)
    throw new UnrolledError('UNAVAILABLE', 'reading files needs Node (20.16 or later)');
  try {
    if (!(await files.stat(path)).isFile())
      throw new UnrolledError('INVALID_FILE', 'expected a file, found a folder');
    return await files.open(path, 'r');
  } catch (error) {
    if (error instanceof UnrolledError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : `cannot be opened (${message})`;
    throw new UnrolledError('INVALID_FILE', reason, { cause: error });
  }
}

async function readBytes(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    // One read gives at most 2 GiB.
    const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, 2 ** 30), position + done);
    if (bytesRead === 0) {
      throw new UnrolledError('INVALID_FILE', `truncated while it was read, at byte ${position + done}`);
    }
    done += bytesRead;
  }
  return bytes;
}

/** Puts the name of the file in front of what went wrong. */
async function naming<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnrolledError)) throw error;
    throw new UnrolledError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}
