import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeNpy, ndArray } from '@unrolled/formats';
import { describe, expect, it } from 'vitest';
import { evaluateSorting } from '../src/evaluation.ts';
import { temporaryFolder } from './temporary.ts';
import { unrolled } from './unrolled.ts';

const folder = temporaryFolder();

/** What scoring needs of a sorting: spikes as [time, unit]. */
function writeSpikes(name: string, rate: number, spikes: readonly (readonly [number, number])[]): void {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'params.py'), `sample_rate = ${rate}\n`);
  const times = BigInt64Array.from(spikes, ([time]) => BigInt(time));
  writeFileSync(join(path, 'spike_times.npy'), encodeNpy(ndArray(times)));
  writeFileSync(
    join(path, 'spike_clusters.npy'),
    encodeNpy(ndArray(Int32Array.from(spikes, ([, unit]) => unit))),
  );
}

const metrics = (name: string) => JSON.parse(readFileSync(join(folder, name, 'metrics.json'), 'utf8'));

describe('unrolled spikes evaluate', () => {
  it('counts hits, misses and false positives of every true unit', async () => {
    // Unit 7 has two of the four spikes of true unit 0, and two beside; unit 8 is nobody.
    writeSpikes('sorted', 10_000, [
      [101, 7],
      [195, 7],
      [300, 7],
      [350, 7],
      [900, 8],
      [1004, 9],
    ]);
    writeFileSync(
      join(folder, 'truth.json'),
      '{"sampling_rate_hz":10000,"time_samples":[100,200.4,300,400,1000],"unit":[0,0,0,0,5]}',
    );
    const { code, stdout, stderr } = await unrolled(
      ['spikes', 'evaluate', 'sorted', '--truth', 'truth.json'],
      folder,
    );
    expect(stderr).toBe('');
    expect(stdout).toBe(
      [
        'true unit  matched  accuracy  hits  misses  false positives',
        '        0        7     0.333     2       2                2',
        '        5        9     1.000     1       0                0',
        'spikes within 0.5 ms of each other are one',
        'found units without a true one: 8',
        '',
      ].join('\n'),
    );
    expect(code).toBe(0);
    // 195 and 200.4 are 5.4 samples apart: more than 0.5 ms at 10 kHz.
    expect(metrics('sorted')).toEqual({
      truth: 'truth.json',
      tolerance: 0.0005,
      units: [
        {
          unit: 0,
          matchedUnit: 7,
          hits: 2,
          misses: 2,
          falsePositives: 2,
          accuracy: 1 / 3,
          precision: 0.5,
          recall: 0.5,
        },
        {
          unit: 5,
          matchedUnit: 9,
          hits: 1,
          misses: 0,
          falsePositives: 0,
          accuracy: 1,
          precision: 1,
          recall: 1,
        },
      ],
      together: [
        {
          unit: 0,
          matchedUnits: [7],
          hits: 2,
          misses: 2,
          falsePositives: 2,
          accuracy: 1 / 3,
          precision: 0.5,
          recall: 0.5,
        },
        {
          unit: 5,
          matchedUnits: [9],
          hits: 1,
          misses: 0,
          falsePositives: 0,
          accuracy: 1,
          precision: 1,
          recall: 1,
        },
      ],
      unmatchedUnits: [8],
    });
    expect(readdirSync(join(folder, 'sorted')).sort()).toEqual([
      'metrics.json',
      'params.py',
      'spike_clusters.npy',
      'spike_times.npy',
    ]);
  });

  it('puts together the pieces of a unit that was found in several', async () => {
    writeSpikes('beats', 360, [
      [100, 0],
      [400, 1],
      [700, 0],
      [1000, 1],
      [1300, 0],
    ]);
    writeFileSync(
      join(folder, 'beats.json'),
      '{"sampling_rate_hz":360,"beat_samples":[101,399,702,1000,1300]}',
    );
    const { stdout } = await unrolled(
      ['spikes', 'evaluate', 'beats', '--truth', 'beats.json', '--tolerance', '50ms'],
      folder,
    );
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      'true unit  matched  accuracy  hits  misses  false positives',
      '        0  0           0.600     3       2                0',
      '        0  0+1         1.000     5       0                0',
    ]);
    expect(metrics('beats')).toMatchObject({
      units: [{ matchedUnit: 0, accuracy: 0.6 }],
      together: [{ matchedUnits: [0, 1], accuracy: 1 }],
      unmatchedUnits: [],
    });
  });

  it('takes a folder as the truth', async () => {
    writeSpikes('theirs', 10_000, [
      [50, 3],
      [90, 3],
    ]);
    writeSpikes('ours', 10_000, [
      [51, 0],
      [90, 0],
    ]);
    const { code } = await unrolled(['spikes', 'evaluate', 'ours', '--truth', 'theirs'], folder);
    expect(code).toBe(0);
    expect(metrics('ours').units).toMatchObject([{ unit: 3, matchedUnit: 0, accuracy: 1 }]);
  });

  it('scores a sorting without spikes', async () => {
    writeSpikes('silent', 10_000, []);
    const { code, stdout } = await unrolled(
      ['spikes', 'evaluate', 'silent', '--truth', 'truth.json'],
      folder,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/ 0 {2}– .* 0\.000 +0 +4 +0\n/);
  });
});

describe('the tolerance', () => {
  it('is inclusive to the sample', () => {
    const spikes = (time: number) => ({
      times: Float64Array.of(time),
      units: Int32Array.of(0),
    });
    // 0.0003 · 10 000 = 2.9999999999999996 in floating point.
    expect(evaluateSorting(spikes(100), spikes(103), 10_000, 0.0003).units[0]?.hits).toBe(1);
    expect(evaluateSorting(spikes(100), spikes(104), 10_000, 0.0003).units[0]?.hits).toBe(0);
  });
});
