import type { FileHandle } from 'node:fs/promises';
import { UnrolledError } from '@unrolled/contracts';
import { bytesOf, decodeNumbers, parseCsv } from '@unrolled/formats';
import { naming, readBytes } from './node-files.ts';
import { type Recording, recordingFromArray, requireRange } from './recording.ts';
import { type RecordingOptions, requireAgreement, type SampleLayout } from './sample-layout.ts';

/**
 * A recording over an open file, read at the place where the samples lie.
 *
 * @param fileLength in bytes
 * @param rate what the caller says, for files that do not say it
 */
export function fileRecording(
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
    // A conversion that calls a function for every number takes thirty times as long: only big integers need it.
    if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
      return Float32Array.from(stored as ArrayLike<bigint>, Number);
    }
    return new Float32Array(stored);
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

/** A recording over the table in a .csv file. */
export function csvRecording(path: string, bytes: Uint8Array, options: RecordingOptions): Recording {
  const { array } = parseCsv(new TextDecoder().decode(bytes));
  const [rows, columns] = array.shape as readonly [number, number];
  if (rows === 0) throw new UnrolledError('INVALID_FILE', 'the file has no samples');
  requireAgreement('channels', options.channels, columns);
  requireAgreement('dtype', options.dtype, array.dtype);
  return recordingFromArray(array.data, { rate: options.rate, channels: columns, name: path });
}
