import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import wavefile from 'wavefile';
import { encodeWav, type NdArray, ndArray, parseWav, parseWavHeader } from '../src/index.ts';
import { hex } from './fixtures.ts';

/** What another implementation writes. */
function byWavefile(channels: number, depth: string, samples: number[][], container = 'RIFF'): Uint8Array {
  const wav = new wavefile.WaveFile();
  wav.fromScratch(channels, 8000, depth, channels === 1 ? samples[0]! : samples, { container });
  return wav.toBuffer();
}

describe('wav: against wavefile', () => {
  it.each([
    ['8', [0, 127, 255], [3, 4, 5], 'uint8'],
    ['16', [-32768, 0, 32767], [1, -2, 3], 'int16'],
    ['24', [-8388608, -1, 8388607], [1, -2, 300], 'int32'],
    ['32', [-(2 ** 31), 0, 2 ** 31 - 1], [1, -2, 3], 'int32'],
    ['32f', [0.5, -2, 0.125], [1, 0, -1], 'float32'],
    ['64', [0.1, -2, 0.3], [1, 0, -1], 'float64'],
  ])('reads %s-bit samples, one channel and two', (depth, left, right, dtype) => {
    const mono = parseWav(byWavefile(1, depth, [left]));
    expect(mono.rate).toBe(8000);
    expect(mono.array.dtype).toBe(dtype);
    expect(mono.array.shape).toEqual([3, 1]);
    expect(Array.from(mono.array.data as ArrayLike<number>)).toEqual(left);
    const stereo = parseWav(byWavefile(2, depth, [left, right]));
    expect(stereo.array.shape).toEqual([3, 2]);
    expect(Array.from(stereo.array.data as ArrayLike<number>)).toEqual(
      left.flatMap((l, i) => [l, right[i]!]),
    );
  });

  it.each(['RIFX', 'RF64'])('reads %s', (container) => {
    const { array } = parseWav(byWavefile(1, '16', [[1, -2, 300]], container));
    expect(array).toEqual(ndArray(Int16Array.of(1, -2, 300), [3, 1]));
  });

  it('writes what it reads', () => {
    const wav = new wavefile.WaveFile(encodeWav(ndArray(Int16Array.of(1, -2, 3, -4), [2, 2]), { rate: 360 }));
    expect((wav.fmt as { sampleRate: number }).sampleRate).toBe(360);
    expect(Array.from(wav.getSamples(true, Int16Array as never) as unknown as Int16Array)).toEqual([
      1, -2, 3, -4,
    ]);
  });
});

describe('wav', () => {
  it('gives back any recording, odd lengths included', () => {
    const data = fc.oneof(
      fc.uint8Array(),
      fc.int16Array(),
      fc.int32Array(),
      fc.float32Array(),
      fc.float64Array(),
    );
    fc.assert(
      fc.property(
        data,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 96_000 }),
        (all, channels, rate) => {
          const samples = Math.floor(all.length / channels);
          const array = ndArray(all.slice(0, samples * channels), [samples, channels]) as NdArray;
          expect(parseWav(encodeWav(array, { rate }))).toEqual({ rate, array });
        },
      ),
    );
  });

  it('skips chunks that it does not know, and reads data of unknown length to the end', () => {
    const bytes = hex(`52494646 ffffffff 57415645
      4c495354 03000000 616263 00
      666d7420 10000000 0100 0100 401f0000 803e0000 0200 1000
      64617461 ffffffff 0100 feff`);
    expect(parseWav(bytes)).toEqual({ rate: 8000, array: ndArray(Int16Array.of(1, -2), [2, 1]) });
  });

  it('reads the header alone', () => {
    const file = encodeWav(ndArray(new Float32Array(1000), [500, 2]), { rate: 44_100 });
    expect(parseWavHeader(file.subarray(0, 44))).toEqual({
      rate: 44_100,
      channels: 2,
      dtype: 'float32',
      littleEndian: true,
      byteOffset: 44,
      byteLength: 4000,
    });
  });

  const file = encodeWav(ndArray(Int16Array.of(1, 2, 3, 4)), { rate: 8000 });
  const patched = (at: number, ...values: number[]): Uint8Array => {
    const copy = file.slice();
    copy.set(values, at);
    return copy;
  };
  it.each([
    ['an empty file', new Uint8Array(0), 'the file is empty'],
    ['another format', hex('00112233445566778899aabb'), 'not a wav file'],
    ['half a header', file.subarray(0, 30), 'truncated in the header'],
    ['truncated data', file.subarray(0, -3), 'truncated, expected 8 bytes of data, found 5'],
    ['compressed samples', patched(20, 0x55), 'found format 85 of 16 bits'],
    ['half a sample', patched(40, 7), 'expected a multiple of 2 bytes (1 channels of int16), found 7'],
    ['no channels', patched(22, 0), 'the fmt chunk contradicts itself'],
    ['a rate of 0', patched(24, 0, 0), 'the fmt chunk contradicts itself'],
    [
      'data in front of the format',
      hex('52494646 00000000 57415645 64617461 00000000'),
      'expected a fmt chunk',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseWav(bytes)).toThrow(message);
  });

  it('refuses to write what the format cannot hold', () => {
    expect(() => encodeWav(ndArray(Int8Array.of(1)), { rate: 1 })).toThrow('array.dtype: expected one of');
    expect(() => encodeWav(ndArray(Int16Array.of(1)), { rate: 0.5 })).toThrow('options.rate');
    expect(() => encodeWav(ndArray(Int16Array.of(1), [1, 1, 1]), { rate: 1 })).toThrow('got [1, 1, 1]');
  });
});
