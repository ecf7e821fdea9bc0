import { random } from '@unrolled/contracts';
import { ndArray, transpose } from '@unrolled/formats';
import { dictionaryCoherence, dictionaryError } from '@unrolled/metrics';
import { describe, expect, it } from 'vitest';
import {
  closeInitialisation,
  crsaeSimulation,
  type SpikeSimulation,
  simulateSpikes,
  simulateWindows,
  talkSimulation,
} from '../src/index.ts';

const short = { duration: 20, channels: 4, rate: 15_000, templateDuration: 0.003 } as const;

/** The sum of the true spikes, the slow and obvious way. */
function sumOfSpikes({ recording, truth, templates, peaks }: SpikeSimulation): Float64Array {
  const [, length, channels] = templates.shape as readonly [number, number, number];
  const values = new Float64Array(recording.samples * channels);
  truth.times.forEach((time, spike) => {
    const unit = truth.units[spike]!;
    for (let t = 0; t < length; t++) {
      for (let c = 0; c < channels; c++) {
        const at = (time - peaks[unit]! + t) * channels + c;
        values[at]! += truth.amplitudes![spike]! * templates.data[(unit * length + t) * channels + c]!;
      }
    }
  });
  return values;
}

function deviationOf(values: Iterable<number>): number {
  const all = [...values];
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
}

describe('simulateSpikes', () => {
  const simulation = simulateSpikes({ ...short, seed: 1 });
  const { recording, truth, templates, peaks } = simulation;

  it('is the sum of its true spikes and of white noise at the ratio asked for', async () => {
    const clean = sumOfSpikes(simulation);
    const noise = (await recording.read(0, recording.samples)).map((value, index) => value - clean[index]!);
    // 1.2 million draws: the deviation's own standard error is 0.065 %.
    expect(deviationOf(noise) / simulation.noiseDeviation).toBeCloseTo(1, 2);
    const lagged = noise.reduce((sum, value, i) => sum + value * (noise[i + 4] ?? 0), 0) / noise.length;
    expect(Math.abs(lagged) / simulation.noiseDeviation ** 2).toBeLessThan(0.005);
    // 16 dB are a factor 10^0.8. The simulator adds in float32.
    const loud = clean.filter((value) => value !== 0);
    expect(deviationOf(loud) / simulation.noiseDeviation / 10 ** 0.8).toBeCloseTo(1, 4);
  });

  it('gives the same samples whichever part is read', async () => {
    const whole = await recording.read(0, 30_000);
    for (const [start, end] of [
      [0, 7],
      [4090, 4103],
      [12_345, 30_000],
    ] as const) {
      expect(await recording.read(start, end)).toEqual(whole.slice(4 * start, 4 * end));
    }
    // Pieces shorter than a template: spikes reach over their ends on both sides.
    for (let start = 0; start < 30_000; start += 20) {
      expect(await recording.read(start, start + 20)).toEqual(whole.slice(4 * start, 4 * (start + 20)));
    }
    await expect(recording.read(0, recording.samples + 1)).rejects.toThrow('within 0 to 300000');
  });

  it('fires at the rate asked for and keeps the refractory period', () => {
    for (const unit of [0, 1, 2]) {
      const times = [...truth.times].filter((_, spike) => truth.units[spike] === unit);
      // 600 spikes: a Poisson count deviates by 24; the dead time only makes it steadier.
      expect(Math.abs(times.length - 600)).toBeLessThan(4 * 24.5);
      const gaps = times.slice(1).map((time, index) => time - times[index]!);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(45);
    }
  });

  it('places each spike at the largest deflection of its template, wholly inside', () => {
    peaks.forEach((peak, unit) => {
      const template = templates.data.subarray(unit * 180, (unit + 1) * 180);
      const largest = template.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const atPeak = template.subarray(4 * peak, 4 * peak + 4).map(Math.abs);
      expect(Math.max(...atPeak)).toBe(largest);
    });
    truth.times.forEach((time, spike) => {
      const onset = time - peaks[truth.units[spike]!]!;
      expect(onset >= 0 && onset + 45 <= recording.samples).toBe(true);
    });
    expect([...truth.times]).toEqual([...truth.times].sort((a, b) => a - b));
  });

  it('draws templates of norm 1 that stay apart and look like spikes', () => {
    for (const seed of [0, 1, 2, 3]) {
      const drawn = simulateSpikes({
        ...short,
        duration: 1,
        neurons: 5,
        maxCrossCorrelation: 0.6,
        seed,
      }).templates;
      const filters = transpose(drawn, [1, 2, 0]);
      expect(dictionaryCoherence(filters)).toBeLessThanOrEqual(0.6 + 1e-6); // float32 rounding
      for (let unit = 0; unit < 5; unit++) {
        const template = drawn.data.subarray(unit * 180, (unit + 1) * 180);
        expect(Math.hypot(...template)).toBeCloseTo(1, 6);
        // It is quiet at both ends, and swings both ways.
        expect(
          Math.max(...[...template.subarray(0, 4), ...template.subarray(176)].map(Math.abs)),
        ).toBeLessThan(0.1);
        expect(Math.min(...template)).toBeLessThan(0);
        expect(Math.max(...template)).toBeGreaterThan(0);
      }
    }
  });

  it('depends on the seed alone', async () => {
    const again = simulateSpikes({ ...short, seed: 1 });
    expect(again.truth).toEqual(truth);
    expect(await again.recording.read(0, 99)).toEqual(await recording.read(0, 99));
    expect(simulateSpikes({ ...short, seed: 2 }).truth.times).not.toEqual(truth.times);
  });

  it('takes templates, firing rates and signs as they are given', async () => {
    const own = ndArray(Float32Array.of(0, 0.6, 0, 0, 0.8, 0, 0, 0, 1, 0, 0, 0), [2, 3, 2]);
    const given = simulateSpikes({
      templates: own,
      rate: 1000,
      firingRate: [50, 5],
      duration: 100,
      signed: true,
      amplitude: { mean: 2, deviation: 0 },
      snr: Number.MAX_VALUE,
    });
    expect([...given.peaks]).toEqual([2, 1]);
    const counts = [0, 1].map((unit) => given.truth.units.filter((other) => other === unit).length);
    expect(counts[0]! / counts[1]!).toBeGreaterThan(5);
    expect(new Set(given.truth.amplitudes)).toEqual(new Set([2, -2]));
    expect(given.noiseDeviation).toBe(0);
    expect(Float64Array.from(await given.recording.read(0, 5000))).toEqual(
      Float64Array.from(Float32Array.from(sumOfSpikes(given).subarray(0, 10_000))),
    );
  });

  it.each([
    [{ neurons: 0 }, 'neurons: expected a whole number'],
    [{ duration: 0.0001 }, 'duration: expected at least one template'],
    [{ rate: -1 }, 'rate: expected a number > 0'],
    [{ firingRate: 600 }, 'firingRate: expected'],
    [{ firingRate: [30] }, 'firingRate: expected a number'],
    [{ templateDuration: 1e-4 }, 'templateDuration: expected at least 4 samples'],
    [{ snr: Number.NaN }, 'snr: expected a finite number'],
    [{ amplitude: { mean: 0, deviation: 1 } }, 'amplitude.mean: expected a number > 0'],
    [{ maxCrossCorrelation: 0.05 }, 'maxCrossCorrelation: expected a number that 3 waveforms'],
    [{ seed: 0.5 }, 'seed: expected a whole number'],
    [{ duration: 0.002, firingRate: 0.001 }, 'without a single spike'],
    [{ noise: 3 }, 'unknown option "noise"'],
    [{ templates: ndArray(new Float32Array(6), [2, 3]) }, 'an array [neurons, time, channels]'],
  ])('refuses %o', (options, message) => {
    expect(() => simulateSpikes(options as object)).toThrow(message);
  });
});

describe('crsaeSimulation', () => {
  const { signals, codes, filters, noiseDeviation } = crsaeSimulation({ seed: 5 });

  it('has the shape that the paper has', () => {
    expect(signals.shape).toEqual([320, 500, 1]);
    expect(codes.shape).toEqual([320, 483, 3]);
    expect(filters.shape).toEqual([18, 1, 3]);
    expect(dictionaryCoherence(filters)).toBeLessThanOrEqual(0.32 + 1e-6);
  });

  it('is filters convolved with codes plus noise', () => {
    const clean = new Float64Array(320 * 500);
    for (let w = 0; w < 320; w++) {
      for (let n = 0; n < 483; n++) {
        for (let c = 0; c < 3; c++) {
          const x = codes.data[(w * 483 + n) * 3 + c]!;
          if (x !== 0) for (let k = 0; k < 18; k++) clean[w * 500 + n + k]! += x * filters.data[k * 3 + c]!;
        }
      }
    }
    const noise = signals.data.map((value, index) => value - clean[index]!);
    // 160 000 draws: the deviation's standard error is 0.18 %.
    expect(Math.abs(deviationOf(noise) / noiseDeviation - 1)).toBeLessThan(0.01);
    expect(deviationOf(clean.filter((value) => value !== 0)) / noiseDeviation / 10 ** 0.8).toBeCloseTo(1, 4);
  });

  it('has two spikes of each filter in each window, never closer than a filter', () => {
    for (let w = 0; w < 320; w++) {
      for (let c = 0; c < 3; c++) {
        const places = Array.from({ length: 483 }, (_, n) => n).filter(
          (n) => codes.data[(w * 483 + n) * 3 + c] !== 0,
        );
        expect(places.length).toBe(2);
        expect(places[1]! - places[0]!).toBeGreaterThanOrEqual(18);
      }
    }
    const sizes = codes.data.filter((x) => x !== 0);
    expect(sizes.reduce((sum, x) => sum + x, 0) / sizes.length).toBeCloseTo(12, 0);
    expect(deviationOf(sizes)).toBeCloseTo(1, 1);
  });

  it('refuses what does not fit into a window', () => {
    expect(() => simulateWindows({ spikes: 28 })).toThrow('at most 27 spikes in a window');
    expect(simulateWindows({ spikes: 27, windows: 1 }).codes.data.filter((x) => x !== 0).length).toBe(81);
    expect(() => simulateWindows({ length: 10 })).toThrow('length: expected a whole number ≥ 18');
  });
});

describe('talkSimulation', () => {
  it('is 17 minutes of 3 neurons that fire 30 times a second', () => {
    const { recording, truth, templates } = talkSimulation({ seed: 1 });
    expect(recording).toMatchObject({ rate: 10_000, samples: 10_200_000, channels: 1 });
    expect(templates.shape).toEqual([3, 45, 1]);
    // A Poisson count of 91 800 deviates by 303.
    expect(Math.abs(truth.times.length - 91_800)).toBeLessThan(4 * 303);
  });
});

describe('closeInitialisation', () => {
  it('starts at the errors asked for', () => {
    for (const seed of [0, 1, 2]) {
      const { filters } = simulateWindows({ windows: 1, seed });
      const near = closeInitialisation(filters, random(seed));
      expect(near.shape).toEqual(filters.shape);
      for (let atom = 0; atom < 3; atom++) {
        const column = ({ data }: typeof near) => ({
          data: data.filter((_, i) => i % 3 === atom),
          shape: [18, 1, 1],
        });
        const { mean } = dictionaryError(column(filters), column(near), { shifts: false });
        expect(mean).toBeGreaterThanOrEqual(0.4 - 1e-6);
        expect(mean).toBeLessThanOrEqual(0.5 + 1e-6);
        expect(Math.hypot(...column(near).data)).toBeCloseTo(1, 6);
      }
    }
  });

  it('refuses errors that no draw reaches', () => {
    const flat = ndArray(new Float32Array(8).fill(1), [8, 1]);
    expect(() => closeInitialisation(flat, random(0))).toThrow('an interval of errors that a draw can reach');
    expect(() => closeInitialisation(flat, random(0), { low: 0.6 })).toThrow('low < high');
  });
});
