import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ndArray } from '@unrolled/formats';
import type { SortedSpikes } from '@unrolled/spikes';
import { describe, expect, it } from 'vitest';
import { writePhyFolder } from '../src/phy/write.ts';
import { noise, writeNpy } from './recordings.ts';
import { temporaryFolder } from './temporary.ts';

const python = process.env['UNROLLED_PYTHON'] ?? 'python3';

/** What a Python program prints as JSON; undefined where its modules are not installed. */
function ask(modules: string, program: string, folder: string): unknown {
  const run = (code: string) => spawnSync(python, ['-W', 'ignore', '-c', code, folder], { encoding: 'utf8' });
  if (run(`import ${modules}`).status !== 0) return undefined;
  const { status, stdout, stderr } = run(`import sys, json, ${modules}\nfolder = sys.argv[1]\n${program}`);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

const folder = temporaryFolder();
const samples = noise(3000, 2);

/** Two units with three spikes, in a recording of its own. */
function write(name: string, channels: 1 | 2): string {
  const recording = writeNpy(
    folder,
    `${name}.npy`,
    channels === 1 ? ndArray(samples) : ndArray(samples, [3000, 2]),
  );
  const sorted: SortedSpikes = {
    rate: 15_000,
    samples: samples.length / channels,
    channels,
    usedChannels: channels === 1 ? [0] : [0, 1],
    templates: {
      data: Float32Array.from({ length: 2 * 4 * channels }, (_, index) => Math.sin(index + 1)),
      shape: [2, 4, channels],
    },
    peaks: [
      { channel: 0, sample: 1 },
      { channel: 0, sample: 2 },
    ],
    times: Int32Array.of(10, 20, 500),
    units: Int32Array.of(0, 1, 0),
    amplitudes: Float32Array.of(1, 1.5, 0.5),
  };
  const out = join(folder, name);
  mkdirSync(out);
  writePhyFolder(out, sorted, { recording, channels, dtype: 'int16', byteOffset: 128, rate: 15_000 });
  return out;
}

describe.each([
  ['one axis, one channel', 1],
  ['two channels', 2],
] as const)('the folder of a recording of %s', (name, channels) => {
  const out = write(name.replaceAll(' ', '-'), channels);

  it('opens in SpikeInterface, with the same spikes', ({ skip }) => {
    const told = ask(
      'spikeinterface.extractors',
      `sorting = spikeinterface.extractors.read_phy(folder)
print(json.dumps({
  'rate': sorting.sampling_frequency,
  'trains': [sorting.get_unit_spike_train(unit).tolist() for unit in sorting.unit_ids],
}))`,
      out,
    );
    if (told === undefined) skip(`${python} has no spikeinterface: set UNROLLED_PYTHON to one that has`);
    expect(told).toEqual({ rate: 15_000, trains: [[10, 500], [20]] });
  });

  it('opens in Phy, with the same spikes, templates and samples', ({ skip }) => {
    const told = ask(
      'phylib.io.model',
      `model = phylib.io.model.load_model(folder + '/params.py')
print(json.dumps({
  'times': model.spike_samples.tolist(),
  'clusters': model.spike_clusters.tolist(),
  'amplitudes': model.amplitudes.tolist(),
  'shape': list(model.sparse_templates.data.shape),
  'traces': model.traces[0:2].tolist(),
}))`,
      out,
    );
    if (told === undefined) skip(`${python} has no phylib: set UNROLLED_PYTHON to one that has`);
    const traces = Array.from({ length: 2 }, (_, time) => [
      ...samples.subarray(time * channels, (time + 1) * channels),
    ]);
    expect(told).toEqual({
      times: [10, 20, 500],
      clusters: [0, 1, 0],
      amplitudes: [1, 1.5, 0.5],
      shape: [2, 4, channels],
      traces,
    });
  });
});
