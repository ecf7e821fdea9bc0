import { random } from '@unrolled/contracts';
import { describe, expect, test } from 'vitest';
import { refitAmplitudes } from '../src/matching/amplitudes.ts';
import { bankOf, correlate, correlateAt } from '../src/matching/bank.ts';
import { explain } from '../src/matching/explain.ts';
import { type Event, pursue } from '../src/matching/pursuit.ts';
import { spikeScore } from '../src/matching/score.ts';
import { synthesize } from '../src/matching/synthesize.ts';

const length = 24;
const channels = 2;
const source = random(11);
/** Smooth waveforms of norm about 20. */
const templates = [3, 5, 7].map((width, unit) =>
  Float32Array.from({ length: length * channels }, (_, i) => {
    const time = Math.floor(i / channels) - 8;
    const size = i % channels === unit % 2 ? 10 : 3;
    return (
      (unit === 2 ? 1 : -1) * size * Math.exp(-((time / width) ** 2)) * Math.cos((time * Math.PI) / width)
    );
  }),
);
const bank = bankOf(templates, channels);
const priors = templates.map(() => ({ deviation: 0.1, probability: 0.002, background: 1 }));
const event = (place: number, unit: number, amplitude = 1): Event => ({ place, unit, amplitude, score: 0 });

function signalOf(events: readonly Event[], samples: number, noise = 0): Float32Array {
  const signal = Float32Array.from({ length: samples * channels }, () => noise * source.normal());
  synthesize(events, templates, channels, signal);
  return signal;
}

describe('spikeScore', () => {
  test('is the log of the Bayes factor, integrated numerically over the amplitude', () => {
    const [energy, deviation, probability, background] = [150, 0.2, 0.01, 1.4];
    const { evidence } = spikeScore(energy, { deviation, probability, background });
    for (const correlation of [0, 60, 150, 260]) {
      let integral = 0;
      const step = 1e-4;
      for (let a = -2; a < 4; a += step) {
        const likelihood = (a * correlation - (a * a * energy) / 2) / background ** 2;
        integral += step * Math.exp(likelihood - ((a - 1) / deviation) ** 2 / 2);
      }
      const factor =
        Math.log(integral / (deviation * Math.sqrt(2 * Math.PI))) + Math.log(probability / (1 - probability));
      expect(evidence(correlation)).toBeCloseTo(factor, 4);
    }
  });

  test('finds no spike in its own negative', () => {
    const { evidence, amplitude } = spikeScore(100, { deviation: 0.1, probability: 0.01, background: 1 });
    expect(evidence(-1000)).toBeLessThan(0);
    expect(amplitude(-1000)).toBe(0);
  });
});

describe('correlate', () => {
  test('is the sum that it says, at every place', () => {
    const signal = signalOf([], 101, 1);
    correlate(signal, bank).forEach((correlation, unit) => {
      expect(correlation.length).toBe(101 - length + 1);
      correlation.forEach((value, place) => {
        const expected = templates[unit]!.reduce((sum, t, i) => sum + t * signal[place * channels + i]!, 0);
        // float32 sums of 48 products of size 10.
        expect(Math.abs(value - expected)).toBeLessThan(1e-3);
      });
    });
  });
});

describe('pursue', () => {
  const truth = [event(10, 0), event(60, 1), event(71, 2), event(150, 0), event(200, 2)];

  test('finds the spikes of a signal, and leaves the correlations of the residual', () => {
    const signal = signalOf(truth, 260, 0.2);
    const correlations = correlate(signal, bank);
    const events = pursue(correlations, bank, priors, { refractory: 8 });
    expect(events.map(({ place, unit }) => [place, unit])).toEqual(
      truth.map(({ place, unit }) => [place, unit]),
    );
    const residual = signal.slice();
    synthesize(events, templates, channels, residual, -1);
    correlate(residual, bank).forEach((expected, unit) => {
      expected.forEach((value, place) => {
        expect(Math.abs(value - correlations[unit]![place]!)).toBeLessThan(0.05);
      });
    });
  });

  test('finds nothing in noise', () => {
    expect(explain(signalOf([], 5000, 1), bank, priors, { refractory: 8 }).events).toEqual([]);
  });

  test('keeps the refractory period', () => {
    const events = pursue(correlate(signalOf([event(50, 0), event(55, 0)], 120), bank), bank, priors, {
      refractory: 8,
    });
    const own = events.filter(({ unit }) => unit === 0).map(({ place }) => place);
    for (let i = 1; i < own.length; i++) expect(own[i]! - own[i - 1]!).toBeGreaterThan(8);
  });
});

describe('explain', () => {
  test('takes spikes apart that nearly coincide, at all lags', () => {
    for (let lag = -10; lag <= 10; lag++) {
      const truth = [event(100, 0), event(100 + lag, 1)];
      const { events } = explain(signalOf(truth, 220, 0.3), bank, priors, { refractory: 8 });
      expect(events).toHaveLength(2);
      for (const { place, unit } of truth) {
        const found = events.find((one) => one.unit === unit);
        // A smooth waveform on the flank of another one: one sample is within the noise.
        expect(Math.abs(found!.place - place)).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('refitAmplitudes', () => {
  test('is the least-squares solution: the residual is orthogonal to every spike', () => {
    const truth = [event(40, 0, 0.8), event(47, 1, 1.3), event(56, 2, 1.1)];
    const signal = signalOf(truth, 120, 0.5);
    const start = truth.map((one) => ({ ...one, amplitude: 1 }));
    const residual = signal.slice();
    synthesize(start, templates, channels, residual, -1);
    const refitted = refitAmplitudes(start, correlateAt(residual, start, bank), bank, 200);
    synthesize(start, templates, channels, residual);
    synthesize(refitted, templates, channels, residual, -1);
    const left = correlate(residual, bank);
    for (const { place, unit } of refitted) expect(Math.abs(left[unit]![place]!)).toBeLessThan(1e-2);
    refitted.forEach(({ amplitude }, i) => {
      expect(amplitude).toBeCloseTo(truth[i]!.amplitude, 0.5);
    });
  });
});
