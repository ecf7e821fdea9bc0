import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeTruth, simulateSpikes } from '@unrolled/data';
import { encodeWav, ndArray, parseNpy } from '@unrolled/formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSummary } from '../src/output/summary.ts';
import { noise, writeNpy } from './recordings.ts';
import { temporaryFolder } from './temporary.ts';
import { type Outcome, unrolled } from './unrolled.ts';

const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);
const run = (line: string): Promise<Outcome> => unrolled(line.split(' '), folder);
const array = (...path: string[]) => parseNpy(readFileSync(at(...path)));

const rate = 10_000;
const samples = 6 * rate;
const simulated = simulateSpikes({
  neurons: 2,
  channels: 2,
  duration: 6,
  rate,
  firingRate: 15,
  templateDuration: 0.003,
  snr: 18,
  seed: 3,
});

/** Two neurons on channels 0 and 2; channel 1 is broken and says 7 all the time. */
async function writeSimulation(): Promise<void> {
  const two = await simulated.recording.read(0, samples);
  const three = new Float32Array(3 * samples);
  for (let time = 0; time < samples; time++) {
    three.set([two[2 * time]!, 7, two[2 * time + 1]!], 3 * time);
  }
  writeNpy(folder, 'tetrode.npy', ndArray(three, [samples, 3]));
  writeFileSync(at('truth.json'), encodeTruth(simulated.truth));
}

describe('unrolled spikes learn', () => {
  let learned: Outcome;
  beforeAll(async () => {
    await writeSimulation();
    learned = await run(`spikes learn tetrode.npy --rate ${rate} --out out/sorted --denoised clean.npy`);
  });

  it('ends well, with the path of the report on the last line', () => {
    expect(learned).toMatchObject({ code: 0 });
    expect(learned.stdout.trimEnd().split('\n').at(-1)).toBe(join('out', 'sorted', 'report.html'));
  });

  it('writes the whole folder, and nothing beside it', () => {
    expect(readdirSync(at('out'))).toEqual(['sorted']);
    expect(readdirSync(at('out', 'sorted')).sort()).toEqual(readSummary(at('out', 'sorted')).files.sort());
  });

  it('reports the constant channel and leaves it out', () => {
    const reason = 'constant, every sample is 7';
    expect(learned.stderr).toContain(`note: channel 1 is left out: ${reason}`);
    expect(readSummary(at('out', 'sorted')).recording.leftOut).toEqual([{ channel: 1, reason }]);
    const { data, shape } = array('out', 'sorted', 'templates.npy');
    expect(shape.slice(1)).toEqual([30, 3]);
    expect(Array.from(data as Float32Array).every((value, index) => index % 3 !== 1 || value === 0)).toBe(
      true,
    );
  });

  it('points at the recording', () => {
    const params = readFileSync(at('out', 'sorted', 'params.py'), 'utf8');
    expect(params).toContain(`dat_path = "${at('tetrode.npy')}"`);
    expect(params).toContain('n_channels_dat = 3\ndtype = "float32"\noffset = 128\n');
  });

  it('finds the neurons', async () => {
    const { code, stdout } = await run('spikes evaluate out/sorted --truth truth.json');
    expect(code).toBe(0);
    expect(stdout).toContain('accuracy');
    const { units } = JSON.parse(readFileSync(at('out', 'sorted', 'metrics.json'), 'utf8'));
    expect(units).toHaveLength(2);
    // 6 s at 18 dB: well above what a wrong unit, a shifted time or a lost channel would give.
    for (const { accuracy } of units) expect(accuracy).toBeGreaterThan(0.9);
  });

  it('writes the reconstruction: as long and as wide as the recording', () => {
    const { dtype, shape, data } = array('clean.npy');
    expect({ dtype, shape }).toEqual({ dtype: 'float32', shape: [samples, 3] });
    expect((data as Float32Array).some((value) => value !== 0)).toBe(true);
  });

  it('writes a report that stands alone', () => {
    const report = readFileSync(at('out', 'sorted', 'report.html'), 'utf8');
    expect(report).toContain('</html>');
    expect(report).toContain('tetrode.npy');
    expect(report).not.toMatch(/(?:src|href)="?https?:/);
  });

  it('gives the same again: the same seed, and in place of the old folder', async () => {
    const names = [
      'templates.npy',
      'spike_times.npy',
      'spike_clusters.npy',
      'amplitudes.npy',
      'network.safetensors',
    ];
    const before = names.map((name) => readFileSync(at('out', 'sorted', name)));
    expect((await run(`spikes learn tetrode.npy --rate ${rate} --out out/sorted`)).code).toBe(0);
    names.forEach((name, index) => {
      expect(readFileSync(at('out', 'sorted', name)).equals(before[index]!), name).toBe(true);
    });
    expect(readdirSync(at('out'))).toEqual(['sorted']);
  });

  it('gives the same when what it learned is used again', async () => {
    const { code } = await run(
      `spikes sort tetrode.npy --rate ${rate} --templates out/sorted --out out/again`,
    );
    expect(code).toBe(0);
    for (const name of ['spike_times.npy', 'spike_clusters.npy', 'amplitudes.npy', 'templates.npy']) {
      expect(
        readFileSync(at('out', 'again', name)).equals(readFileSync(at('out', 'sorted', name))),
        name,
      ).toBe(true);
    }
  });

  it('gives the same on any number of threads, and says how it found the spikes', async () => {
    const line = `spikes sort tetrode.npy --rate ${rate} --templates out/sorted --find code`;
    expect((await run(`${line} --threads 1 --out out/alone`)).code).toBe(0);
    expect((await run(`${line} --threads 3 --out out/threads --denoised code.npy`)).code).toBe(0);
    for (const name of ['spike_times.npy', 'spike_clusters.npy', 'amplitudes.npy']) {
      expect(
        readFileSync(at('out', 'threads', name)).equals(readFileSync(at('out', 'alone', name))),
        name,
      ).toBe(true);
    }
    expect(array('code.npy').shape).toEqual([samples, 3]);
    expect(readSummary(at('out', 'sorted')).options).toMatchObject({ find: 'pursuit' });
    expect(readSummary(at('out', 'threads')).options).toMatchObject({ find: 'code' });
    expect((await run('spikes evaluate out/threads --truth truth.json')).code).toBe(0);
    const { units } = JSON.parse(readFileSync(at('out', 'threads', 'metrics.json'), 'utf8'));
    for (const { accuracy } of units) expect(accuracy).toBeGreaterThan(0.9);
  });

  it.each([
    [
      `--rate ${2 * rate}`,
      /--templates: out\/sorted was learned from 10000 Hz, tetrode\.npy has 20000 Hz/,
      'tetrode',
    ],
    [
      `--rate ${rate}`,
      /--templates: out\/sorted was learned from 3 channels, two\.npy has 2 channels/,
      'two',
    ],
  ])('does not sort with templates of another recording: %s', async (options, message, name) => {
    writeNpy(folder, 'two.npy', ndArray(noise(rate, 2), [rate, 2]));
    const { code, stderr } = await run(
      `spikes sort ${name}.npy ${options} --templates out/sorted --out other`,
    );
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(readdirSync(folder)).not.toContain('other');
  });

  it('does not replace the folder that it reads templates from', async () => {
    const line = `spikes sort tetrode.npy --rate ${rate} --templates out/sorted --out out/sorted --force`;
    const { code, stderr } = await run(line);
    expect(stderr).toMatch(/which replacing it would remove/);
    expect(code).toBe(2);
  });
});

describe('a recording without spikes', () => {
  it.each([
    ['of noise', noise(2 * rate, 2)],
    ['of nothing at all', new Int16Array(4 * rate)],
  ])('%s ends well, with no units and a report that says so', async (name, values) => {
    const file = `${name.replaceAll(' ', '-')}.npy`;
    writeNpy(folder, file, ndArray(values, [2 * rate, 2]));
    const { code, stdout, stderr } = await run(`spikes learn ${file} --rate ${rate} --out empty-${file}`);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^0 units, 0 spikes in 2\.0 s\n/);
    expect(array(`empty-${file}`, 'templates.npy').shape).toEqual([0, expect.any(Number), 2]);
    expect(array(`empty-${file}`, 'spike_times.npy').shape).toEqual([0]);
    expect(readFileSync(at(`empty-${file}`, 'report.html'), 'utf8')).toMatch(/no units/i);
  });
});

describe('a .wav file', () => {
  it('says its own rate', async () => {
    writeFileSync(at('cell.wav'), encodeWav(ndArray(noise(2 * rate, 1)), { rate }));
    const { code } = await run('spikes learn cell.wav --out wav');
    expect(code).toBe(0);
    expect(readSummary(at('wav')).recording).toMatchObject({ rate, samples: 2 * rate, channels: 1 });
    const wrong = await run('spikes learn cell.wav --rate 44100 --out wav2');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/cell\.wav: rate: expected 10000/);
  });
});
