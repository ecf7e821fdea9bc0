import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ndArray } from '@unrolled/formats';
import { describe, expect, it } from 'vitest';
import { writePhyFolder } from '../src/phy/write.ts';
import { unrolledHere } from './in-process.ts';
import { noise, writeGood, writeNpy, writeNpyOf } from './recordings.ts';
import { temporaryFolder } from './temporary.ts';
import { type Outcome, unrolled } from './unrolled.ts';

const folder = temporaryFolder();
writeGood(folder);
writeFileSync(join(folder, 'empty.npy'), '');
writeFileSync(join(folder, 'text.npy'), 'time,channel\n1,2\n');
writeFileSync(join(folder, 'notes.txt'), 'no recording');
writeFileSync(join(folder, 'truncated.npy'), readFileSync(join(folder, 'good.npy')).subarray(0, 20_000));
writeFileSync(join(folder, 'header.npy'), readFileSync(join(folder, 'good.npy')).subarray(0, 40));
writeNpyOf(folder, 'object.npy', '|O', '1000, 2', 16_000);
writeNpyOf(folder, 'complex.npy', '<c8', '1000, 2', 16_000);
writeNpy(folder, 'cube.npy', ndArray(new Int16Array(1000), [10, 10, 10]));
writeNpy(folder, 'flat.npy', ndArray(noise(10_000, 1)));
writeNpy(folder, 'short.npy', ndArray(noise(29, 2), [29, 2]));
writeFileSync(join(folder, 'odd.raw'), new Uint8Array(new Int16Array(noise(1001, 1)).buffer));
const spoilt = (value: number): Float32Array => {
  const samples = Float32Array.from(noise(10_000, 2));
  samples[2 * 1234 + 1] = value;
  return samples;
};
writeNpy(folder, 'nan.npy', ndArray(spoilt(Number.NaN), [10_000, 2]));
writeNpy(folder, 'infinite.npy', ndArray(spoilt(Number.NEGATIVE_INFINITY), [10_000, 2]));
mkdirSync(join(folder, 'theirs'));
writeFileSync(join(folder, 'theirs', 'thesis.tex'), 'years of work');
mkdirSync(join(folder, 'hollow'));
mkdirSync(join(folder, 'phy'));
writePhyFolder(
  join(folder, 'phy'),
  {
    rate: 10_000,
    samples: 10_000,
    channels: 2,
    usedChannels: [0, 1],
    templates: { data: new Float32Array(60).fill(1), shape: [1, 30, 2] },
    peaks: [{ channel: 0, sample: 9 }],
    times: Int32Array.of(100),
    units: Int32Array.of(0),
    amplitudes: Float32Array.of(1),
  },
  { recording: join(folder, 'good.npy'), channels: 2, dtype: 'int16', byteOffset: 128, rate: 10_000 },
);
writeFileSync(join(folder, 'broken.json'), '{"time_samples": [1, 2');
writeFileSync(join(folder, 'other.json'), '{"answer": 42}');
writeFileSync(join(folder, 'slow.json'), '{"sampling_rate_hz": 360, "beat_samples": [100]}');
writeFileSync(join(folder, 'truth.json'), '{"sampling_rate_hz": 10000, "beat_samples": [100]}');

/** Every file below the folder with its content: what must be the same after a refusal. */
function everything(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, entry.isFile() ? readFileSync(path, 'latin1') : ''];
    }),
  );
}
const before = everything();

function expectRefusal({ code, stdout, stderr }: Outcome, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(everything()).toEqual(before);
}

const learn = 'spikes learn';
const good = 'good.npy --rate 10000';
const out = '--out out';

describe('bad input is refused with exit code 2, a sentence, and nothing written', () => {
  it.each([
    // The file
    [`${learn} missing.npy --rate 10000 ${out}`, /missing\.npy: there is no such file/],
    [`${learn} theirs --rate 10000 ${out}`, /theirs/],
    [`${learn} empty.npy --rate 10000 ${out}`, /empty\.npy: the file is empty/],
    [`${learn} text.npy --rate 10000 ${out}`, /text\.npy: .*not an npy file/],
    [`${learn} notes.txt --rate 10000 ${out}`, /\.npy, \.wav, \.csv.*notes\.txt/],
    [`${learn} truncated.npy --rate 10000 ${out}`, /truncated\.npy: .*40000 bytes.*19872/],
    [`${learn} header.npy --rate 10000 ${out}`, /header\.npy: .*truncated in the header/],
    [`${learn} object.npy --rate 10000 ${out}`, /object\.npy: .*dtype object/],
    [`${learn} complex.npy --rate 10000 ${out}`, /complex\.npy: .*dtype complex/],
    [`${learn} cube.npy --rate 10000 ${out}`, /cube\.npy: expected shape .*\[10, 10, 10\]/],
    // The samples
    [`${learn} nan.npy --rate 10000 ${out}`, /nan\.npy: .*NaN at sample 1234 of channel 1/],
    [`${learn} infinite.npy --rate 10000 ${out}`, /infinite\.npy: .*-Infinity at sample 1234 of channel 1/],
    [`${learn} short.npy --rate 10000 ${out}`, /short\.npy: .*template of 30 samples \(3 ms\).*29/],
    [`${learn} ${good} --duration 2s ${out}`, /good\.npy: .*template of 20000 samples \(2000 ms\).*10000/],
    [`${learn} flat.npy --rate 10000 --channels 3 ${out}`, /flat\.npy: .*3 channels.*10000/],
    [`${learn} good.npy --rate 10000 --channels 3 ${out}`, /good\.npy: channels: expected 2.*got 3/],
    [
      `${learn} good.npy --rate 10000 --dtype float32 ${out}`,
      /good\.npy: dtype: expected int16.*got "float32"/,
    ],
    [`${learn} odd.raw --rate 10000 --dtype int16 --channels 4 ${out}`, /odd\.raw: .*8 bytes.*2002/],
    [`${learn} odd.raw --rate 10000 --channels 7 ${out}`, /odd\.raw: dtype: expected/],
    // The options
    [`${learn} good.npy ${out}`, /--rate: good\.npy does not say its sampling rate/],
    [`${learn} good.npy --rate 0 ${out}`, /--rate <hz>.*'0' is invalid.*> 0/],
    [`${learn} good.npy --rate -10000 ${out}`, /--rate <hz>.*'-10000' is invalid/],
    [`${learn} good.npy --rate fast ${out}`, /--rate <hz>.*'fast' is invalid/],
    [`${learn} ${good} --units 0 ${out}`, /--units.*'0' is invalid.*auto or a whole number ≥ 1/],
    [`${learn} ${good} --units some ${out}`, /--units.*'some' is invalid/],
    [`${learn} ${good} --duration 3 ${out}`, /--duration.*3ms or 3s\?/],
    [`${learn} ${good} --duration -3ms ${out}`, /--duration.*'-3ms' is invalid/],
    [`${learn} ${good} --duration 0.05ms ${out}`, /--duration: .*at least 4 samples.*10000 Hz/],
    [`${learn} ${good} --channels 0 ${out}`, /--channels.*'0' is invalid/],
    [`${learn} ${good} --dtype int64 ${out}`, /--dtype.*'int64' is invalid.*int16, float32/],
    [`${learn} ${good} --layers 0 ${out}`, /--layers.*'0' is invalid/],
    [`${learn} ${good} --epochs none ${out}`, /--epochs.*'none' is invalid/],
    [`${learn} ${good} --threads 0 ${out}`, /--threads.*'0' is invalid.*from 1 to 1024/],
    [`${learn} ${good} --threads all ${out}`, /--threads.*'all' is invalid/],
    [`${learn} ${good} --threads 1e9 ${out}`, /--threads.*'1e9' is invalid/],
    [`${learn} ${good} --find magic ${out}`, /--find.*'magic' is invalid.*pursuit, network, code/],
    [`${learn} ${good} --seed -1 ${out}`, /--seed.*'-1' is invalid/],
    [`${learn} ${good} --backend gpu ${out}`, /--backend.*'gpu' is invalid/],
    [`${learn} ${good} --unit 3 ${out}`, /unknown option '--unit'/],
    [`${learn} ${good} more.npy ${out}`, /too many arguments/],
    [`${learn} ${good}`, /required option '--out <dir>'/],
    [`${learn} --rate 10000 ${out}`, /missing required argument 'file'/],
    ['spikes', /Usage: unrolled spikes/],
    ['sort-of', /unknown command 'sort-of'/],
    // The outputs
    [`${learn} ${good} --out theirs`, /--out: .*theirs.*not written by unrolled; --force replaces it/],
    [`${learn} ${good} --out notes.txt`, /--out: notes\.txt exists and is not a folder/],
    [`${learn} ${good} --out notes.txt --force`, /--out: notes\.txt exists and is not a folder/],
    [`${learn} ${good} --out . --force`, /--out: \. holds/],
    [`${learn} ${good} ${out} --denoised good.npy --force`, /--denoised: good\.npy is the recording itself/],
    [`${learn} ${good} ${out} --denoised flat.npy`, /--denoised: flat\.npy exists; --force/],
    [`${learn} ${good} ${out} --denoised clean.dat`, /--denoised: clean\.dat must end in \.npy/],
    [`${learn} ${good} ${out} --denoised out/clean.npy`, /--denoised: .*lies in the output folder/],
    [`${learn} ${good} ${out} --denoised nowhere/clean.npy`, /--denoised: .*folder that does not exist/],
    ['demo --out theirs', /--out: .*theirs.*not written by unrolled/],
    ['demo --seed x', /--seed.*'x' is invalid/],
    // Templates
    [`spikes sort ${good} ${out}`, /required option '--templates <dir>'/],
    [`spikes sort ${good} --templates nowhere ${out}`, /nowhere: no such folder/],
    [`spikes sort ${good} --templates hollow ${out}`, /hollow: expected a folder that learn wrote/],
    // Truth
    ['spikes evaluate phy', /required option '--truth <file>'/],
    ['spikes evaluate nowhere --truth truth.json', /nowhere: no such folder/],
    ['spikes evaluate hollow --truth truth.json', /hollow.params\.py: no such file/],
    ['spikes evaluate phy --truth nowhere.json', /nowhere\.json: no such file/],
    ['spikes evaluate phy --truth broken.json', /broken\.json: /],
    ['spikes evaluate phy --truth other.json', /other\.json: /],
    ['spikes evaluate phy --truth slow.json', /--truth: slow\.json .*360 Hz.*10000 Hz/],
    ['spikes evaluate phy --truth truth.json --tolerance 5', /--tolerance.*5ms or 5s\?/],
  ])('unrolled %s', async (line, message) => {
    expectRefusal(await unrolledHere(line.split(' '), folder), message);
  });

  // The binary: nothing is lost between what it calls and what the shell sees.
  it.each([
    [`${learn} missing.npy --rate 10000 ${out}`, /missing\.npy: there is no such file/],
    [`${learn} ${good} --units 0 ${out}`, /--units.*'0' is invalid.*auto or a whole number ≥ 1/],
  ])('unrolled %s, as a process', async (line, message) => {
    expectRefusal(await unrolled(line.split(' '), folder), message);
  });
});

describe('what is asked of unrolled itself', () => {
  it.each(['--help', 'help', 'spikes --help', 'spikes learn --help', 'help spikes', 'doctor -h'])(
    'unrolled %s ends well',
    async (line) => {
      const { code, stdout, stderr } = await unrolledHere(line.split(' '), folder);
      expect(stdout).toMatch(/^Usage: unrolled/);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
  );

  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await unrolled(['--version'], folder)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});
