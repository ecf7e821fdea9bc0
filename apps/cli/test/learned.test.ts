import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSafetensors } from '@unrolled/formats';
import { bandPass, type Learned } from '@unrolled/spikes';
import { describe, expect, it } from 'vitest';
import { readLearned, writeLearned } from '../src/learned.ts';
import { temporaryFolder } from './temporary.ts';

/** One unit of four samples on the first and the last of three channels; numbers that float32 does not hold. */
const learned: Learned = {
  frontEnd: {
    rate: 15_000,
    channels: 3,
    usedChannels: [0, 2],
    band: bandPass(0.003, 15_000),
    offsets: [2050.1, 1 / 3],
    noise: [50.7, 60.1],
    whitening: [
      [1.1, -0.1],
      [-0.1, 1.2],
    ],
    whiteningFilter: { half: Float64Array.of(1, -0.3) },
  },
  duration: 0.003,
  filters: { data: Float32Array.of(0, 0, -0.5, 0.5, 0.5, -0.5, 0, 0), shape: [4, 2, 1] },
  weights: [Math.PI],
  layers: 30,
  norms: [12.3],
  templates: { data: Float32Array.of(0, 0, 0, -4, 0, 2, 3, 0, 0, 0, 0, 0), shape: [1, 4, 3] },
  peaks: [{ channel: 0, sample: 1 }],
  statistics: [
    {
      amplitude: 1,
      deviation: 0.1,
      firingRate: 9.5,
      background: 1.1,
      spikes: 266,
      refractoryViolations: 0.004,
    },
  ],
  history: [{ epoch: 1, loss: 0.51, weights: [3.1], moved: [0.2] }],
  selection: [{ action: 'keep', candidates: [0], reason: 'explains most' }],
  seed: 7,
};

function written(record: Learned = learned): string {
  const folder = temporaryFolder();
  writeLearned(folder, record);
  return folder;
}

describe('what was learned', () => {
  it('comes back bit for bit', () => {
    expect(readLearned(written())).toEqual(learned);
  });

  it('comes back when nothing was learned', () => {
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
    expect(readLearned(written(nothing))).toEqual(nothing);
  });

  it('is refused where its file is missing, cut off or not what it should be', () => {
    expect(() => readLearned(temporaryFolder())).toThrow('it has no network.safetensors');
    const cut = written();
    const network = join(cut, 'network.safetensors');
    writeFileSync(network, readFileSync(network).subarray(0, -1));
    expect(() => readLearned(cut)).toThrow('network.safetensors: ');
    writeFileSync(network, encodeSafetensors({}));
    expect(() => readLearned(cut)).toThrow('network.safetensors: learned: expected JSON');
  });
});
