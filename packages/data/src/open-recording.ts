import type { FileHandle } from 'node:fs/promises';
import {
  refuse,
  requireInteger,
  requireKnownOptions,
  requireOneOf,
  requirePositive,
  UnrolledError,
} from '@unrolled/contracts';
import type { StoredType } from '@unrolled/formats';
import { csvRecording, fileRecording } from './file-recording.ts';
import { naming, openFile, readBytes } from './node-files.ts';
import type { Recording } from './recording.ts';
import {
  headLength,
  npyLayout,
  type RecordingOptions,
  rawLayout,
  requireAgreement,
  type SampleLayout,
  wavLayout,
} from './sample-layout.ts';

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
      if (format === 'csv') {
        const recording = csvRecording(path, await handle.readFile(), options);
        await handle.close();
        return recording;
      }
      const { size } = await handle.stat();
      if (size === 0) throw new UnrolledError('INVALID_FILE', 'the file is empty');
      const layout = await layoutOf(format, handle, size, options);
      if (layout.rate !== undefined) requireAgreement('rate', options.rate, layout.rate);
      return fileRecording(path, handle, layout, size, options.rate);
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}

async function layoutOf(
  format: 'npy' | 'wav' | 'raw',
  handle: FileHandle,
  size: number,
  options: RecordingOptions,
): Promise<SampleLayout> {
  if (format === 'raw') return rawLayout(size, options);
  const head = await readBytes(handle, 0, Math.min(size, headLength));
  return format === 'npy' ? npyLayout(head, size, options) : wavLayout(head, size, options);
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
