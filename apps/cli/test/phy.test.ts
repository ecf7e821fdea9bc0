import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeNpy, ndArray, parseNpy } from '@unrolled/formats';
import type { SortedSpikes } from '@unrolled/spikes';
import { describe, expect, it } from 'vitest';
import { formatParams, type PhyParams, parseSampleRate } from '../src/phy/params.ts';
import { readSpikes } from '../src/phy/read.ts';
import { templateSimilarity } from '../src/phy/similarity.ts';
import { writePhyFolder } from '../src/phy/write.ts';
import { temporaryFolder } from './temporary.ts';

/** Two units on three channels, the last one left out; the second unit is the first one a sample later. */
const sorted: SortedSpikes = {
  rate: 15_000,
  samples: 1000,
  channels: 3,
  usedChannels: [0, 1],
  templates: {
    data: Float32Array.of(0, 0, 0, -4, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -4, 1, 0, 3, 0, 0),
    shape: [2, 4, 3],
  },
  peaks: [
    { channel: 0, sample: 1 },
    { channel: 0, sample: 2 },
  ],
  times: Int32Array.of(10, 20, 500),
  units: Int32Array.of(0, 1, 0),
  amplitudes: Float32Array.of(1, 1.5, 0.5),
};
const params: PhyParams = {
  recording: '/data/tetrode.npy',
  channels: 3,
  dtype: 'int16',
  byteOffset: 128,
  rate: 15_000,
};

describe('params.py', () => {
  it('is assignments of Python literals', () => {
    expect(formatParams(params)).toBe(
      [
        'dat_path = "/data/tetrode.npy"',
        'n_channels_dat = 3',
        'dtype = "int16"',
        'offset = 128',
        'sample_rate = 15000.0',
        'hp_filtered = False',
        '',
      ].join('\n'),
    );
    expect(formatParams({ ...params, recording: undefined })).toContain('dat_path = []\n');
  });

  it('escapes what a path may hold', () => {
    const text = formatParams({ ...params, recording: '/a "b"\\c\nü😀.dat' });
    expect(text).toContain(String.raw`dat_path = "/a \"b\"\\c\n\U000000fc\U0001f600.dat"`);
  });

  it.each([
    ['sample_rate = 30000.', 30_000],
    ["dat_path = 'x'\nsample_rate=24414.0625  # Hz\n", 24_414.0625],
    ['sample_rate = 3e4', 30_000],
    ['sample_rate = 30_000', 30_000],
  ])('gives its sampling rate: %j', (text, rate) => {
    expect(parseSampleRate(text)).toBe(rate);
  });

  it.each(['', 'sample_rate = None', 'sample_rate = 0', 'my_sample_rate = 5', '# sample_rate = 5'])(
    'is refused without one: %j',
    (text) => {
      expect(() => parseSampleRate(text)).toThrow('sample_rate');
    },
  );
});

describe('a Phy folder', () => {
  const folder = temporaryFolder();
  const files = writePhyFolder(folder, sorted, params);
  const array = (name: string) => parseNpy(readFileSync(join(folder, name)));

  it('names the files that it holds', () => {
    expect(readdirSync(folder).sort()).toEqual([...files].sort());
  });

  it('has the arrays that Phy reads, in the types that it reads', () => {
    expect(array('templates.npy')).toMatchObject({ dtype: 'float32', shape: [2, 4, 3] });
    expect(array('spike_times.npy')).toMatchObject({
      dtype: 'int64',
      data: BigInt64Array.of(10n, 20n, 500n),
    });
    expect(array('spike_clusters.npy')).toMatchObject({ dtype: 'int32', data: sorted.units });
    expect(array('spike_templates.npy')).toMatchObject({ dtype: 'int32', data: sorted.units });
    expect(array('amplitudes.npy')).toMatchObject({ dtype: 'float64', data: Float64Array.of(1, 1.5, 0.5) });
    expect(array('channel_map.npy')).toMatchObject({ dtype: 'int32', data: Int32Array.of(0, 1, 2) });
    expect(array('channel_positions.npy')).toMatchObject({
      shape: [3, 2],
      data: Float64Array.of(0, 0, 0, 20, 0, 40),
    });
    const identity = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    expect(array('whitening_mat.npy')).toMatchObject({ shape: [3, 3], data: identity });
    expect(array('whitening_mat_inv.npy')).toMatchObject({ shape: [3, 3], data: identity });
    expect(readFileSync(join(folder, 'cluster_group.tsv'), 'utf8')).toBe(
      'cluster_id\tgroup\n0\tunsorted\n1\tunsorted\n',
    );
  });

  it('gives its spikes back', () => {
    expect(readSpikes(folder)).toEqual({
      rate: 15_000,
      times: Float64Array.of(10, 20, 500),
      units: Int32Array.of(0, 1, 0),
      amplitudes: undefined,
    });
  });

  it("reads another sorter's: one column of uint64, clusters as curated", () => {
    const kilosort = temporaryFolder();
    writeFileSync(join(kilosort, 'params.py'), "dat_path = 'x.dat'\nsample_rate = 30000.\n");
    writeFileSync(
      join(kilosort, 'spike_times.npy'),
      encodeNpy(ndArray(BigUint64Array.of(5n, 9n, 12n), [3, 1])),
    );
    writeFileSync(join(kilosort, 'spike_clusters.npy'), encodeNpy(ndArray(Uint32Array.of(7, 3, 7), [3, 1])));
    expect(readSpikes(kilosort)).toMatchObject({
      rate: 30_000,
      times: Float64Array.of(5, 9, 12),
      units: Int32Array.of(7, 3, 7),
    });
    writeFileSync(join(kilosort, 'spike_clusters.npy'), encodeNpy(ndArray(Uint32Array.of(7))));
    expect(() => readSpikes(kilosort)).toThrow('spike_times.npy has 3 spikes and spike_clusters.npy 1');
    writeFileSync(join(kilosort, 'spike_times.npy'), encodeNpy(ndArray(Float32Array.of(0.1))));
    expect(() => readSpikes(kilosort)).toThrow('spike_times.npy: expected whole numbers');
  });

  it.each([
    ['/data/tetrode.npy', 4, '/data/tetrode.npy'],
    ['/data/probe.dat', 1, '/data/probe.dat'],
    ['/data/probe.bin', 4, '/data/probe.bin'],
  ])('points at a recording that Phy reads: %s of %i channels', (recording, channels, expected) => {
    const out = temporaryFolder();
    writePhyFolder(out, sorted, { ...params, recording, channels });
    expect(readFileSync(join(out, 'params.py'), 'utf8')).toContain(`dat_path = "${expected}"`);
    expect(readdirSync(out)).not.toContain('recording.dat');
  });

  it.each([
    ['/data/one-channel.npy', 1],
    ['/data/stereo.wav', 2],
  ])('links to one that Phy reads by offset alone: %s', (recording, channels) => {
    const out = temporaryFolder();
    expect(writePhyFolder(out, sorted, { ...params, recording, channels })).toContain('recording.dat');
    expect(readFileSync(join(out, 'params.py'), 'utf8')).toContain('dat_path = "recording.dat"');
    expect(readlinkSync(join(out, 'recording.dat'))).toBe(recording);
  });
});

describe('similarity of templates', () => {
  it('is 1 for a shifted copy, whatever its size, and the cosine otherwise', () => {
    const { data, shape } = templateSimilarity(sorted.templates);
    expect(shape).toEqual([2, 2]);
    // float32 of a cosine that is 1 in exact arithmetic.
    for (const value of data) expect(value).toBeCloseTo(1, 6);
    const apart = templateSimilarity({ data: Float32Array.of(1, 0, 0, 2), shape: [2, 1, 2] });
    expect([...apart.data]).toEqual([1, 0, 0, 1]);
  });

  it('does not divide by the norm of an empty template', () => {
    expect([...templateSimilarity({ data: new Float32Array(4), shape: [2, 1, 2] }).data]).toEqual([
      1, 0, 0, 1,
    ]);
    expect(templateSimilarity({ data: new Float32Array(0), shape: [0, 5, 2] }).shape).toEqual([0, 0]);
  });
});
