import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '@unrolled/contracts';
import { encodeNpy, encodeSafetensors, ndArray, parseNpy, parseSafetensors } from '@unrolled/formats';
import {
  encodeJpeg,
  gaussianNoise,
  type Image,
  image,
  joinChannels,
  parsePng,
  poissonCounts,
} from '@unrolled/images';
import { describe, expect, it } from 'vitest';
import { countsIn } from '../src/denoising/counts.ts';
import { generatedPictures } from './generated-pictures.ts';
import { writePng } from './pictures.ts';
import { temporaryFolder } from './temporary.ts';
import { type Outcome, unrolled } from './unrolled.ts';

const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);
const run = (line: string): Promise<Outcome> => unrolled(line.split(' '), folder);

const clean = generatedPictures(1, 50, 60)[0]!;
const size = { height: 50, width: 60 };
const { counts } = poissonCounts(clean, { peak: 4 }, random(1));
const noisy = gaussianNoise(clean, { deviation: 25 / 255 }, random(2));
const opaque = image(new Float32Array(50 * 60).fill(0.5), size);
writePng(folder, 'clean.png', clean);
writePng(folder, 'noisy.png', joinChannels([noisy, noisy, noisy, opaque]));
writePng(folder, 'colour.png', joinChannels([clean, clean, clean]));
writeFileSync(at('photograph.jpg'), encodeJpeg(joinChannels([noisy, noisy, noisy])));
writeFileSync(at('counts.npy'), encodeNpy(ndArray(counts.data, [50, 60])));

describe('unrolled denoise', () => {
  it('takes Gaussian noise off pictures, opacity kept, and tells how near it came', async () => {
    const line = 'denoise noisy.png --noise gaussian:25 --clean colour.png --out denoised';
    const { code, stdout, stderr } = await run(line);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/50 × 60 +gaussian:25 +gaussian-25/);
    expect(readdirSync(at('denoised')).sort()).toEqual([
      'noisy-denoised.png',
      'noisy-sheet.png',
      'summary.json',
    ]);
    const picture = parsePng(readFileSync(at('denoised', 'noisy-denoised.png')));
    expect(picture).toMatchObject({ ...size, channels: 4 });
    expect(picture.data[3]).toBeCloseTo(0.5, 2);
    const summary = JSON.parse(readFileSync(at('denoised', 'summary.json'), 'utf8'));
    const { psnr, model } = summary.pictures[0];
    expect(model).toBe('gaussian-25');
    // Seven decibels: what is left of the noise has a fifth of its energy.
    expect(psnr.after - psnr.before).toBeGreaterThan(7);
  });

  it('estimates the noise of a photograph', async () => {
    const photograph = await run('denoise photograph.jpg --noise auto --out photographs');
    expect(photograph).toMatchObject({ code: 0, stdout: expect.stringMatching(/gaussian:2\d/) });
  });

  it('takes counts as numbers, and gives their means', async () => {
    const counted = await run('denoise counts.npy --noise poisson:4 --clean clean.png --out counted');
    expect(counted).toMatchObject({ code: 0, stdout: expect.stringMatching(/poisson:4 +poisson-4/) });
    const { data, shape } = parseNpy(readFileSync(at('counted', 'counts-denoised.npy')));
    expect(shape).toEqual([50, 60]);
    // The mean count is kept, within a twentieth: the noise of 3000 counts of about 2 is a fortieth of one.
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / 3000;
    expect(Math.abs(mean(data as Float32Array) / mean(counts.data) - 1)).toBeLessThan(0.05);
  });
});

describe('counts in a picture', () => {
  const inGreyLevels = (unit: number): Image =>
    image(
      counts.data.map((count) => Math.round(count * unit) / 255),
      size,
    );

  it.each([1, 17, 28.33])('are found where one is %d grey levels', (unit) => {
    expect(countsIn(inGreyLevels(unit), 4).data).toEqual(counts.data);
  });

  it('are refused where grey levels are no multiples, or far too many', () => {
    expect(() => countsIn(inGreyLevels(1), 0.01)).toThrow(/counts: expected grey levels/);
    expect(() => countsIn(noisy, 4)).toThrow(/counts: expected grey levels/);
  });
});

describe('unrolled denoise and train denoise refuse with exit code 2, and write nothing', () => {
  mkdirSync(at('theirs'));
  mkdirSync(at('small'));
  mkdirSync(at('black'));
  writeFileSync(at('theirs', 'thesis.tex'), 'years of work');
  writeFileSync(at('text.png'), 'no picture');
  writePng(folder, 'tiny.png', image(new Float32Array(9).fill(0.5), { height: 3, width: 3 }));
  writePng(folder, 'flat.png', opaque);
  writePng(at('small'), 'tiny.png', image(new Float32Array(9).fill(0.5), { height: 3, width: 3 }));
  writePng(at('black'), 'night.png', image(new Float32Array(6400), { height: 80, width: 80 }));
  writeFileSync(at('negative.npy'), encodeNpy(ndArray(Float32Array.of(1, -1), [1, 2])));

  const filters = ndArray(new Float32Array(64), [4, 4, 1, 4]);
  const metadata = {
    model: 'dcea',
    layers: '2',
    stride: '2',
    likelihood: 'gaussian',
    prior: 'l1',
    momentum: 'none',
    shiftAverage: 'true',
    deviation: '0.1',
  };
  const misnamed = {
    filters,
    'prior.weight': ndArray(new Float32Array(4)),
    step: ndArray(Float32Array.of(1), []),
  };
  writeFileSync(at('misnamed.safetensors'), encodeSafetensors(misnamed, metadata));
  writeFileSync(at('half.npy'), encodeNpy(ndArray(Float32Array.of(1, 0.5), [1, 2])));

  it.each([
    ['denoise noisy.png --noise gaussian:0 --out new', /--noise.*gaussian:SIGMA.*> 0/s],
    ['denoise noisy.png --noise gaussian:-9 --out new', /'gaussian:-9' is invalid.*> 0/s],
    ['denoise counts.npy --noise poisson:0 --out new', /'poisson:0' is invalid.*> 0/s],
    ['denoise nowhere.png --noise auto --out new', /nowhere\.png: no such file/],
    [
      'denoise text.png --noise auto --out new',
      /text\.png: picture: expected a PNG or JPEG file, found text/,
    ],
    ['denoise flat.png --noise auto --out new', /flat\.png: --noise auto: .*does not vary/],
    ['denoise tiny.png --noise gaussian:9 --out new', /tiny\.png: picture: expected at least 8 × 8/],
    ['denoise counts.npy --noise gaussian:9 --out new', /counts\.npy: a \.npy holds counts/],
    ['denoise negative.npy --noise poisson:1 --out new', /negative\.npy: picture: expected/],
    ['denoise half.npy --noise poisson:1 --out new', /half\.npy: .*whole numbers ≥ 0, got "0\.5 at index 1"/],
    ['denoise counts.npy --noise poisson:400 --out new', /--noise: no model .* peak of 400/],
    ['denoise noisy.png noisy.png --noise auto --out new', /has the name of noisy\.png/],
    [
      'denoise noisy.png --noise auto --clean clean.png --out new',
      /--clean: clean\.png: expected 50 × 60 × 3/,
    ],
    ['denoise noisy.png --noise auto --model clean.png --out new', /clean\.png: safetensors: /],
    [
      'denoise noisy.png --noise auto --model misnamed.safetensors --out new',
      /misnamed\.safetensors: tensors: missing operator\.filters; unknown filters/,
    ],
    [
      'train denoise small --noise gaussian:25 --out new',
      /tiny\.png: expected at least 64 × 64 pixels, a crop/,
    ],
    ['train denoise black --noise poisson:1 --out new', /night\.png: .*nothing but black/],
    [
      'train denoise theirs --noise gaussian:25 --out new',
      /theirs: expected pictures \(\.png, \.jpg\), found none/,
    ],
    ['train denoise small --noise poisson:1 --atoms 7 --out new', /--atoms: expected an even number/],
  ])('%s', async (line, message) => {
    const before = readdirSync(folder).sort();
    const { code, stdout, stderr } = await run(line);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});

describe('unrolled train denoise', () => {
  it('makes a model that denoise takes, and goes on from a checkpoint to the same model', async () => {
    mkdirSync(at('photographs-to-learn'));
    generatedPictures(3, 70, 70).forEach((picture, index) => {
      writePng(at('photographs-to-learn'), `${index}.png`, picture);
    });
    const line =
      'train denoise photographs-to-learn --noise poisson:2 --atoms 8 --size 4 --layers 2 --crop 32 --batch 2 --steps 6 --epochs 2';
    const whole = await run(`${line} --out whole.safetensors`);
    expect(whole).toMatchObject({ code: 0, stdout: expect.stringMatching(/dB more than before training/) });
    const { metadata } = parseSafetensors(readFileSync(at('whole.safetensors')));
    expect(metadata).toMatchObject({ likelihood: 'poisson', peak: '2', layers: '2', stride: '2' });
    // All of a run is in its checkpoint: the second line has nothing left to do, and says the same.
    for (const file of ['one', 'two']) {
      expect(await run(`${line} --checkpoint run --out ${file}.safetensors`)).toMatchObject({ code: 0 });
      expect(readFileSync(at(`${file}.safetensors`))).toEqual(readFileSync(at('whole.safetensors')));
    }
    const denoised = await run('denoise counts.npy --noise poisson:4 --model whole.safetensors --out by-own');
    expect(denoised).toMatchObject({ code: 0 });
  });
});
