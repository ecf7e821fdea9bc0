import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isUnrolledError } from '@unrolled/contracts';
import { encodeCsv, encodeNpy, encodeRaw, encodeWav, ndArray, parseNpy } from '@unrolled/formats';
import { describe, expect, it } from 'vitest';
import { openRecording, type RecordingOptions, requireRate } from '../src/index.ts';
import { sharedData, testFolder } from './folder.ts';

const folder = testFolder();
/** 5 samples of 2 channels: sample t of channel c is 10·(t + 1) + c, every second one negative. */
const numbers = [10, -11, 20, -21, 30, -31, 40, -41, 50, -51];

/** A npy file with any header. */
function npy(descr: string, shape: string, order: string, body: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0);
  return Uint8Array.from([...start, ...new TextEncoder().encode(header), ...body]);
}

describe('openRecording reads every format in pieces', () => {
  const int16 = ndArray(Int16Array.from(numbers), [5, 2]);
  const bigEndian = encodeRaw(int16).slice();
  for (let at = 0; at < bigEndian.length; at += 2) bigEndian.subarray(at, at + 2).reverse();
  const planar = Int16Array.from([
    ...numbers.filter((_, i) => i % 2 === 0),
    ...numbers.filter((_, i) => i % 2 === 1),
  ]);

  it.each<[string, Uint8Array | string, RecordingOptions, string, number | undefined]>([
    ['int16.npy', encodeNpy(int16), { rate: 100 }, 'int16', 128],
    ['int32.npy', encodeNpy(ndArray(Int32Array.from(numbers), [5, 2])), {}, 'int32', 128],
    ['int64.npy', encodeNpy(ndArray(BigInt64Array.from(numbers, BigInt), [5, 2])), {}, 'int64', 128],
    ['float32.npy', encodeNpy(ndArray(Float32Array.from(numbers), [5, 2])), {}, 'float32', 128],
    ['float64.npy', encodeNpy(ndArray(Float64Array.from(numbers), [5, 2])), {}, 'float64', 128],
    ['flat.npy', encodeNpy(ndArray(Int16Array.from(numbers))), { channels: 2 }, 'int16', 128],
    ['big-endian.npy', npy('>i2', '(5, 2)', 'False', bigEndian), {}, 'int16', undefined],
    ['fortran.npy', npy('<i2', '(5, 2)', 'True', encodeRaw(ndArray(planar))), {}, 'int16', undefined],
    ['sound.wav', encodeWav(int16, { rate: 100 }), {}, 'int16', 44],
    ['sound.WAV', encodeWav(ndArray(Float32Array.from(numbers), [5, 2]), { rate: 100 }), {}, 'float32', 44],
    ['table.csv', encodeCsv(int16), { rate: 100 }, 'float64', undefined],
    ['header.csv', encodeCsv(int16, ['left', 'right']), { rate: 100, channels: 2 }, 'float64', undefined],
    ['samples.raw', encodeRaw(int16), { dtype: 'int16', channels: 2 }, 'int16', 0],
    [
      'samples.dat',
      encodeRaw(ndArray(Float32Array.from(numbers))),
      { dtype: 'float32', channels: 2 },
      'float32',
      0,
    ],
  ])('%s', async (name, content, options, dtype, byteOffset) => {
    const path = folder.write(name, content);
    const recording = await openRecording(path, options);
    expect(recording).toMatchObject({ name: path, samples: 5, channels: 2, dtype });
    expect(recording.rate).toBe(name.startsWith('sound') ? 100 : options.rate);
    expect(recording.source).toEqual(byteOffset === undefined ? undefined : { path, byteOffset });
    expect(await recording.read(0, 5)).toEqual(Float32Array.from(numbers));
    for (const [start, end] of [
      [0, 1],
      [1, 4],
      [4, 5],
      [5, 5],
      [0, 0],
    ] as const) {
      expect(await recording.read(start, end)).toEqual(Float32Array.from(numbers.slice(2 * start, 2 * end)));
    }
    await recording.close();
    await recording.close();
  });

  it('reads beyond 4 GiB without reading what lies before', async () => {
    const samples = 1_200_000_000;
    const path = folder.write('large.npy', npy('<i2', `(${samples}, 2)`, 'False', new Uint8Array(0)));
    const header = readFileSync(path).length;
    const file = openSync(path, 'r+');
    ftruncateSync(file, header + samples * 4); // a hole: it takes no room on the disk
    writeSync(file, Uint8Array.of(7, 0, 8, 0), 0, 4, header + (samples - 1) * 4);
    closeSync(file);
    const recording = await openRecording(path);
    expect(recording.samples).toBe(samples);
    expect(await recording.read(samples - 2, samples)).toEqual(Float32Array.of(0, 0, 7, 8));
    await recording.close();
  });

  const real = (): string => join(sharedData!, 'spikes/locust_trial01_raw.npy');
  it.skipIf(!sharedData)('a real recording', async () => {
    const recording = await openRecording(real(), { rate: 15_000 });
    expect(recording).toMatchObject({ samples: 431_548, channels: 4, dtype: 'int16' });
    const { data } = parseNpy(readFileSync(real()));
    expect(await recording.read(400_000, 400_100)).toEqual(
      Float32Array.from(data.slice(1_600_000, 1_600_400) as Int16Array),
    );
    await recording.close();
  });
});

describe('openRecording refuses', () => {
  const mono = encodeNpy(ndArray(Int16Array.from(numbers)));
  const wav = encodeWav(ndArray(Int16Array.from(numbers), [5, 2]), { rate: 100 });
  const raw = { dtype: 'int16', channels: 2 } as const;
  it.each<[string, string, Uint8Array | string, RecordingOptions, string, string]>([
    ['an empty npy file', 'e.npy', '', {}, 'INVALID_FILE', 'the file is empty'],
    ['an empty raw file', 'e.raw', '', raw, 'INVALID_FILE', 'the file is empty'],
    ['an empty csv file', 'e.csv', '', {}, 'INVALID_FILE', 'csv: the file has no rows'],
    ['a header without rows', 'h.csv', 'left,right\n', {}, 'INVALID_FILE', 'no samples'],
    ['what is no npy file', 'n.npy', 'hello', {}, 'INVALID_FILE', 'not an npy file'],
    [
      'a truncated npy file',
      't.npy',
      mono.subarray(0, -1),
      {},
      'INVALID_FILE',
      'truncated, expected 20 bytes of int16 [10], found 19',
    ],
    [
      'a truncated wav file',
      't.wav',
      wav.subarray(0, -1),
      {},
      'INVALID_FILE',
      'truncated, expected 20 bytes of data, found 19',
    ],
    ['no samples', 'z.npy', encodeNpy(ndArray(new Float32Array(0))), {}, 'INVALID_FILE', 'no samples'],
    [
      'objects',
      'o.npy',
      npy('|O', '(1,)', 'False', Uint8Array.of(0)),
      {},
      'INVALID_DTYPE',
      'found dtype object',
    ],
    [
      'complex numbers',
      'c.npy',
      npy('<c8', '(1,)', 'False', new Uint8Array(8)),
      {},
      'INVALID_DTYPE',
      'found dtype complex',
    ],
    [
      'three axes',
      '3.npy',
      encodeNpy(ndArray(new Float32Array(8), [2, 2, 2])),
      {},
      'INVALID_SHAPE',
      'found [2, 2, 2]',
    ],
    [
      'channels in front',
      'x.npy',
      encodeNpy(ndArray(new Float32Array(8), [2, 4])),
      {},
      'INVALID_SHAPE',
      'transpose it',
    ],
    [
      'channels that do not divide npy',
      'd.npy',
      mono,
      { channels: 3 },
      'INVALID_SHAPE',
      'a multiple of 3 channels, found 10 numbers',
    ],
    [
      'channels that do not divide raw',
      'd.raw',
      new Uint8Array(6),
      raw,
      'INVALID_FILE',
      'a multiple of 4 bytes (2 channels of int16), found 6',
    ],
    [
      'channels that contradict',
      'k.wav',
      wav,
      { channels: 4 },
      'INVALID_ARGUMENT',
      'channels: expected 2, as the file says, got 4',
    ],
    [
      'a rate that contradicts',
      'k.wav',
      wav,
      { rate: 200 },
      'INVALID_ARGUMENT',
      'rate: expected 100, as the file says, got 200',
    ],
    [
      'a number type that contradicts',
      'k.npy',
      mono,
      { dtype: 'float32' },
      'INVALID_ARGUMENT',
      'dtype: expected int16',
    ],
    [
      'raw without a number type',
      'd.bin',
      new Uint8Array(6),
      {},
      'INVALID_ARGUMENT',
      'dtype: expected the number type',
    ],
    [
      'an unknown number type',
      'd.bin',
      new Uint8Array(6),
      { dtype: 'int7' as never },
      'INVALID_ARGUMENT',
      'dtype: expected one of',
    ],
    ['a rate of 0', 'r.npy', mono, { rate: 0 }, 'INVALID_ARGUMENT', 'rate: expected a number > 0, got 0'],
    [
      'a rate that is not finite',
      'r.npy',
      mono,
      { rate: Number.NaN },
      'NOT_FINITE',
      'rate: expected a finite number',
    ],
    [
      'half a channel',
      'r.npy',
      mono,
      { channels: 0.5 },
      'INVALID_ARGUMENT',
      'channels: expected a whole number',
    ],
    ['an unknown option', 'r.npy', mono, { rte: 1 } as never, 'UNKNOWN_OPTION', 'unknown option "rte"'],
    ['an unknown format', 'r.mat', mono, {}, 'INVALID_ARGUMENT', 'path: expected a .npy'],
  ])('%s', async (_, name, content, options, code, message) => {
    const error: unknown = await openRecording(folder.write(name, content), options).catch((e: unknown) => e);
    expect(isUnrolledError(error) && error).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('a file that is not there, a folder, and no path', async () => {
    const missing = join(folder.path, 'missing.npy');
    await expect(openRecording(missing)).rejects.toThrow(`${missing}: there is no such file`);
    mkdirSync(join(folder.path, 'folder.npy'));
    await expect(openRecording(join(folder.path, 'folder.npy'))).rejects.toThrow(
      'expected a file, found a folder',
    );
    await expect(openRecording(undefined as never)).rejects.toThrow('path: expected the path of a file');
  });

  it('to read outside the recording, after it was closed, and a file that shrank', async () => {
    const recording = await openRecording(folder.write('read.npy', mono));
    await expect(recording.read(3, 2)).rejects.toThrow('within 0 to 10 samples, got 3 to 2');
    await expect(recording.read(0, 11)).rejects.toThrow('within 0 to 10 samples, got 0 to 11');
    await expect(recording.read(-1, 2)).rejects.toThrow('start: expected a whole number ≥ 0');
    folder.write('read.npy', mono.subarray(0, -4));
    await expect(recording.read(0, 10)).rejects.toThrow('read.npy: truncated while it was read');
    await recording.close();
    await expect(recording.read(0, 1)).rejects.toThrow('the recording is closed');
  });

  it('to make up a rate', async () => {
    const recording = await openRecording(folder.write('rate.npy', mono));
    expect(() => requireRate(recording)).toThrow('rate: expected a sampling rate in Hz');
    await recording.close();
  });
});
