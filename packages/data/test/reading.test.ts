import { random } from '@unrolled/contracts';
import { describe, expect, it } from 'vitest';
import { checkRecording, type Recording, randomWindows, recordingFromArray, windows } from '../src/index.ts';

const ramp = (samples: number, channels = 1): Recording =>
  recordingFromArray(
    Float32Array.from({ length: samples * channels }, (_, i) => i),
    { rate: 100, channels },
  );

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('recordingFromArray', () => {
  it('reads what it was given', async () => {
    const recording = recordingFromArray(Int16Array.of(1, 2, 3, 4), { rate: 10, channels: 2 });
    expect(recording).toMatchObject({ rate: 10, samples: 2, channels: 2, dtype: 'int16', name: 'array' });
    expect(await recording.read(1, 2)).toEqual(Float32Array.of(3, 4));
  });

  it('gives new arrays', async () => {
    const recording = ramp(3);
    (await recording.read(0, 3)).fill(9);
    expect(await recording.read(0, 3)).toEqual(Float32Array.of(0, 1, 2));
  });

  it('refuses nothing, wrong channels and wrong rates', () => {
    expect(() => recordingFromArray(new Float32Array(0))).toThrow('array: expected samples, got none');
    expect(() => recordingFromArray(new Float32Array(5), { channels: 2 })).toThrow(
      'a multiple of 2 channels',
    );
    expect(() => recordingFromArray(new Float32Array(5), { rate: -1 })).toThrow('options.rate');
  });
});

describe('windows', () => {
  it.each([
    [
      10,
      4,
      1,
      [
        [0, 4],
        [3, 7],
        [6, 10],
      ],
    ],
    [
      10,
      4,
      0,
      [
        [0, 4],
        [4, 8],
        [8, 10],
      ],
    ],
    [
      11,
      4,
      1,
      [
        [0, 4],
        [3, 7],
        [6, 10],
        [9, 11],
      ],
    ],
    [3, 4, 2, [[0, 3]]],
    [4, 4, 2, [[0, 4]]],
  ])('%i samples in windows of %i that share %i', async (samples, length, overlap, expected) => {
    const pieces = await gather(windows(ramp(samples, 2), { length, overlap }));
    expect(pieces.map(({ start, end }) => [start, end])).toEqual(expected);
    for (const { start, end, values } of pieces) {
      expect(values).toEqual(Float32Array.from({ length: 2 * (end - start) }, (_, i) => 2 * start + i));
    }
  });

  it('refuses an overlap that is no smaller than a window', async () => {
    await expect(gather(windows(ramp(9), { length: 3, overlap: 3 }))).rejects.toThrow('less than the length');
    await expect(gather(windows(ramp(9), { length: 0 }))).rejects.toThrow('options.length');
  });
});

describe('randomWindows', () => {
  it('draws from the whole recording, reads in its order and gives in the order drawn', async () => {
    const reads: number[] = [];
    const source = ramp(20, 2);
    const recording: Recording = {
      ...source,
      read(start, end) {
        reads.push(start);
        return source.read(start, end);
      },
    };
    const { starts, values } = await randomWindows(recording, { length: 3, count: 500, random: random(1) });
    expect(new Set(starts)).toEqual(new Set(Array.from({ length: 18 }, (_, i) => i)));
    expect(reads).toEqual([...reads].sort((a, b) => a - b));
    expect([...starts]).not.toEqual(reads);
    starts.forEach((start, index) => {
      const window = values.subarray(index * 6, (index + 1) * 6);
      expect(window).toEqual(Float32Array.from({ length: 6 }, (_, i) => 2 * start + i));
    });
  });

  it('depends on the generator alone', async () => {
    const draw = async () =>
      (await randomWindows(ramp(50), { length: 5, count: 9, random: random(3) })).starts;
    expect(await draw()).toEqual(await draw());
  });

  it('refuses a recording shorter than a window', async () => {
    const draw = randomWindows(ramp(4), { length: 5, count: 1, random: random(0) });
    await expect(draw).rejects.toThrow('array: expected at least one window of 5 samples, found 4 samples');
  });
});

describe('checkRecording', () => {
  it('says what each channel holds', async () => {
    const values = Float32Array.of(1, 0, 7, -3, 0, 7, 2, 0, 7);
    expect(await checkRecording(recordingFromArray(values, { channels: 3 }))).toEqual([
      { minimum: -3, maximum: 2, constant: false, zero: false },
      { minimum: 0, maximum: 0, constant: true, zero: true },
      { minimum: 7, maximum: 7, constant: true, zero: false },
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %d with sample and channel, beyond the first piece too',
    async (bad) => {
      const values = new Float32Array(700_000).fill(1);
      values[650_003] = bad;
      values[650_006] = Number.NaN;
      await expect(checkRecording(recordingFromArray(values, { channels: 2 }))).rejects.toMatchObject({
        code: 'NOT_FINITE',
        message: `array: expected finite numbers, found ${bad} at sample 325001 of channel 1`,
      });
    },
  );

  it('tells how far it is, and stops when told to', async () => {
    const recording = recordingFromArray(new Float32Array(600_000));
    const fractions: number[] = [];
    await checkRecording(recording, { onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.length).toBeGreaterThan(1);
    expect(fractions.at(-1)).toBe(1);
    const stop = new AbortController();
    const checked = checkRecording(recording, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(checked).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
