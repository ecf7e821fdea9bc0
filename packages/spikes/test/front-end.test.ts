import { random } from '@unrolled/contracts';
import { recordingFromArray } from '@unrolled/data';
import { robustDeviation } from '@unrolled/metrics';
import { describe, expect, test } from 'vitest';
import { conditioned } from '../src/front/front-end.ts';
import { learnFrontEnd } from '../src/front/learn-front-end.ts';
import { trainingPieces } from '../src/front/training-pieces.ts';

const rate = 10_000;
const samples = 40_000;

/** Noise that is the same on all channels in part, coloured in time, on an offset. */
function recordingOf(channels: number, { silent = -1 }: { readonly silent?: number } = {}) {
  const source = random(5);
  const values = new Float32Array(samples * channels);
  let slow = 0;
  for (let time = 0; time < samples; time++) {
    slow = 0.8 * slow + source.normal();
    for (let channel = 0; channel < channels; channel++) {
      values[time * channels + channel] =
        channel === silent ? 7 : 2050 + 30 * slow + 20 * (channel + 1) * source.normal();
    }
  }
  return recordingFromArray(values, { rate, channels });
}

async function frontEndOf(recording: ReturnType<typeof recordingOf>) {
  const pieces = trainingPieces(recording, 30, random(0));
  return learnFrontEnd(recording, pieces, { duration: 0.003, rate });
}

describe('front end', () => {
  test('a piece is what the whole is there, bit for bit, ends included', async () => {
    const recording = recordingOf(2);
    const through = conditioned(recording, await frontEndOf(recording));
    const whole = await through.whitened(0, samples);
    for (const [start, end] of [
      [0, 1],
      [0, 500],
      [12_345, 13_000],
      [samples - 3, samples],
    ] as const) {
      expect(await through.whitened(start, end)).toEqual(whole.slice(start * 2, end * 2));
    }
  });

  test('what comes out is white: across channels, over time, of deviation 1', async () => {
    const recording = recordingOf(3);
    const white = await conditioned(recording, await frontEndOf(recording)).whitened(0, samples);
    const channel = (c: number) => Float64Array.from({ length: samples }, (_, time) => white[time * 3 + c]!);
    const product = (a: Float64Array, b: Float64Array, lag: number) => {
      let sum = 0;
      for (let time = 0; time + lag < samples; time++) sum += a[time]! * b[time + lag]!;
      return sum / samples;
    };
    for (let c = 0; c < 3; c++) {
      expect(robustDeviation(channel(c))).toBeCloseTo(1, 2);
      // Band-passed noise cannot be quite white; before whitening the first lag is 0.7.
      for (const lag of [1, 2, 3, 5, 8])
        expect(Math.abs(product(channel(c), channel(c), lag))).toBeLessThan(0.25);
      // Whitened across channels before it was over time, which changes it a little; before, it is 0.4.
      for (let other = 0; other < c; other++)
        expect(Math.abs(product(channel(c), channel(other), 0))).toBeLessThan(0.1);
    }
  });

  test('leaves a constant channel out', async () => {
    expect((await frontEndOf(recordingOf(3, { silent: 1 }))).usedChannels).toEqual([0, 2]);
    const none = recordingFromArray(new Float32Array(4000), { rate });
    expect((await frontEndOf(none)).usedChannels).toEqual([]);
  });

  test('names the first number that is not finite', async () => {
    const values = new Float32Array(4000);
    values[77] = Number.NaN;
    await expect(frontEndOf(recordingFromArray(values, { rate }))).rejects.toThrow(/NaN at index 77/);
  });
});
