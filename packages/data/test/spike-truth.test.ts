import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeTruth, parseTruth, simulateSpikes } from '../src/index.ts';
import { sharedData } from './folder.ts';

describe('parseTruth', () => {
  it('reads spikes with units and amplitudes, keeps fractions, and sorts', () => {
    const json =
      '{"sampling_rate_hz": 15000, "time_samples": [30, 10.155, 20], "unit": [2, 0, 2], "amplitude": [1, 2, 3]}';
    expect(parseTruth(json)).toEqual({
      rate: 15_000,
      times: Float64Array.of(10.155, 20, 30),
      units: Int32Array.of(0, 2, 2),
      amplitudes: Float64Array.of(2, 3, 1),
    });
  });

  it('reads beats as one unit', () => {
    expect(parseTruth('{"beat_samples": [77, 370], "beat_type": ["N", "V"]}')).toEqual({
      rate: undefined,
      times: Float64Array.of(77, 370),
      units: Int32Array.of(0, 0),
      amplitudes: undefined,
    });
  });

  it('reads what encodeTruth writes', () => {
    const { truth } = simulateSpikes({ duration: 1 });
    expect(parseTruth(encodeTruth(truth))).toEqual(truth);
  });

  it.each([
    ['no JSON', '{', 'truth: expected JSON'],
    ['a list', '[1]', 'truth: expected a JSON record'],
    ['no times', '{"unit": [0]}', 'truth: beat_samples: expected a list of numbers, found undefined'],
    [
      'fewer units than times',
      '{"time_samples": [1, 2], "unit": [0]}',
      'unit: expected 2 numbers, one a time, found 1',
    ],
    [
      'a time that is text',
      '{"time_samples": [1, "2"]}',
      'time_samples: expected a number, found 2 at index 1',
    ],
    [
      'a time that is null',
      '{"time_samples": [null]}',
      'time_samples: expected a number, found null at index 0',
    ],
    [
      'a negative time',
      '{"time_samples": [1, -2]}',
      'time_samples: expected a time ≥ 0, found -2 at index 1',
    ],
    ['half a unit', '{"time_samples": [1], "unit": [0.5]}', 'unit: expected a whole number ≥ 0, found 0.5'],
    [
      'a rate of 0',
      '{"time_samples": [1], "sampling_rate_hz": 0}',
      'sampling_rate_hz: expected a number > 0, found 0',
    ],
  ])('refuses %s', (_, json, message) => {
    expect(() => parseTruth(json)).toThrow(expect.objectContaining({ code: 'INVALID_FILE' }));
    expect(() => parseTruth(json)).toThrow(message);
  });

  it.skipIf(!sharedData)('real truth files', () => {
    const read = (name: string) => parseTruth(readFileSync(join(sharedData!, name), 'utf8'));
    expect(read('spikes/hybrid_locust_trial01_truth.json')).toMatchObject({ rate: 15_000 });
    expect(read('spikes/hybrid_locust_trial01_truth.json').times[0]).toBe(510.155);
    expect(read('ecg/mitbih_100_beats.json').times.length).toBe(760);
  });
});
