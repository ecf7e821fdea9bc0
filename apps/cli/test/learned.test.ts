import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeNpy, ndArray } from '@unrolled/formats';
import type { Learned } from '@unrolled/spikes';
import { describe, expect, it } from 'vitest';
import { readLearned } from '../src/learned/read.ts';
import { writeLearned } from '../src/learned/write.ts';
import { temporaryFolder } from './temporary.ts';

/** One unit of four samples on the first and the last of three channels; numbers that float32 does not hold. */
const learned: Learned = {
  frontEnd: {
    rate: 15_000,
    channels: 3,
    usedChannels: [0, 2],
    band: { low: 333, high: 5000, reach: 2, half: Float64Array.of(0.1, 0.2, 0.3) },
    offsets: [2050.1, 1 / 3],
    noise: [50.7, 60.1],
    whitening: [
      [1.1, -0.1],
      [-0.1, 1.2],
    ],
  },
  duration: 0.003,
  filters: { data: Float32Array.of(0, 0, -0.5, 0.5, 0.5, -0.5, 0, 0), shape: [4, 2, 1] },
  weights: [Math.PI],
  layers: 30,
  norms: [12.3],
  templates: { data: Float32Array.of(0, 0, 0, -4, 0, 2, 3, 0, 0, 0, 0, 0), shape: [1, 4, 3] },
  peaks: [{ channel: 0, sample: 1 }],
  statistics: [{ amplitude: 1, deviation: 0.1, firingRate: 9.5, spikes: 266, refractoryViolations: 0.004 }],
  history: [{ epoch: 1, loss: 0.51, weights: [3.1], moved: [0.2] }],
  selection: [{ action: 'keep', candidates: [0], reason: 'explains most' }],
  seed: 7,
};

function written(change: Partial<Learned> = {}): string {
  const folder = temporaryFolder();
  const { data, shape } = learned.templates;
  writeFileSync(join(folder, 'templates.npy'), encodeNpy(ndArray(data, shape)));
  writeLearned(folder, { ...learned, ...change });
  return folder;
}

describe('what was learned', () => {
  it('comes back bit for bit', () => {
    expect(readLearned(written())).toEqual(learned);
  });

  it('comes back when nothing was learned', () => {
    const folder = temporaryFolder();
    const nothing: Learned = {
      ...learned,
      filters: { data: new Float32Array(0), shape: [4, 2, 0] },
      templates: { data: new Float32Array(0), shape: [0, 4, 3] },
      weights: [],
      norms: [],
      peaks: [],
      statistics: [],
      history: [],
      selection: [],
    };
    writeFileSync(join(folder, 'templates.npy'), encodeNpy(ndArray(new Float32Array(0), [0, 4, 3])));
    writeLearned(folder, nothing);
    expect(readLearned(folder)).toEqual(nothing);
  });

  it('is refused where a file of it is missing, cut off or of something else', () => {
    expect(() => readLearned(temporaryFolder())).toThrow('it has no network.safetensors');
    const cut = written();
    const network = join(cut, 'network.safetensors');
    writeFileSync(network, readFileSync(network).subarray(0, -1));
    expect(() => readLearned(cut)).toThrow('network.safetensors: ');
    const other = written();
    writeFileSync(join(other, 'templates.npy'), encodeNpy(ndArray(new Float32Array(24), [2, 4, 3])));
    expect(() => readLearned(other)).toThrow('does not belong to templates.npy of shape [2, 4, 3]');
    const wrong = written({ filters: { data: new Float32Array(6), shape: [3, 2, 1] } });
    expect(() => readLearned(wrong)).toThrow('expected operator.filters, float32 [4, 2, 1]');
    const odd = written({ duration: -1 });
    expect(() => readLearned(odd)).toThrow('duration');
  });
});
