import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSafetensors, ndArray, parseSafetensors } from '@unrolled/formats';
import { image, parsePng, toGrey } from '@unrolled/images';
import { psnr } from '@unrolled/metrics';
import { beforeAll, describe, expect, it } from 'vitest';
import { pictures, writePng } from './pictures.ts';
import { temporaryFolder } from './temporary.ts';
import { type Outcome, unrolled } from './unrolled.ts';

const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);
const run = (line: string): Promise<Outcome> => unrolled(line.split(' '), folder);
const read = (...path: string[]) => parsePng(readFileSync(at(...path)));

const size = { height: 50, width: 70 };
const { mixtures, digits, textures } = pictures({ pictures: 2, ...size, seed: 2024 });

describe('unrolled separate', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    writePng(folder, 'one.png', mixtures[0]!);
    // The same grey as red, green and blue.
    const rgb = Float32Array.from(
      { length: 3 * 3500 },
      (_, index) => mixtures[1]!.data[Math.floor(index / 3)]!,
    );
    writePng(folder, 'two.png', image(rgb, { ...size, channels: 3 }));
    outcome = await run('separate one.png two.png --out out/separated');
  });

  it('ends well, with the path of a sheet on the last line', () => {
    expect(outcome).toMatchObject({ code: 0 });
    const last = outcome.stdout.trimEnd().split('\n').at(-1)!;
    expect(last.split(/\s+/).at(-1)).toBe(join('out', 'separated', 'two-sheet.png'));
  });

  it('writes components of the size of the picture, a sheet and a summary, and nothing beside them', () => {
    const expected = ['one', 'two'].flatMap((name) => [
      `${name}-component-1.png`,
      `${name}-component-2.png`,
      `${name}-sheet.png`,
    ]);
    const files = readdirSync(at('out', 'separated')).sort();
    expect(files).toEqual([...expected, 'summary.json'].sort());
    expect(readdirSync(at('out'))).toEqual(['separated']);
    expect(read('out', 'separated', 'two-component-2.png')).toMatchObject({ ...size, channels: 1 });
    const summary = JSON.parse(readFileSync(at('out', 'separated', 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({
      format: 'unrolled-separation',
      model: { components: ['strokes', 'texture'] },
    });
    expect(summary.files.sort()).toEqual(files);
    for (const { explained } of summary.pictures) expect(explained).toBeGreaterThan(0.9);
  });

  it('takes handwriting off the texture that it stands on', () => {
    for (const [index, name] of ['one', 'two'].entries()) {
      const [strokes, texture] = [1, 2].map(
        (part) => read('out', 'separated', `${name}-component-${part}.png`).data,
      );
      // Far nearer than the mixture itself, whose strokes stand on a level of 0.35 (9 dB) and whose texture has them on it.
      expect(psnr(digits[index]!.data, strokes!)).toBeGreaterThan(15);
      expect(psnr(textures[index]!.data, texture!)).toBeGreaterThan(
        psnr(textures[index]!.data, mixtures[index]!.data) + 5,
      );
    }
  });

  it('replaces a folder of its own, and takes any stride up to a tile', async () => {
    const again = await run('separate one.png --out out/separated --stride 12');
    expect(again).toMatchObject({ code: 0 });
    expect(readdirSync(at('out', 'separated')).sort()).toEqual([
      'one-component-1.png',
      'one-component-2.png',
      'one-sheet.png',
      'summary.json',
    ]);
  });

  it('takes a picture of one tile', async () => {
    writePng(folder, 'tile.png', image(mixtures[0]!.data.slice(0, 144), { height: 12, width: 12 }));
    expect(await run('separate tile.png --out out/tile')).toMatchObject({ code: 0 });
    expect(read('out', 'tile', 'tile-component-1.png')).toMatchObject({ height: 12, width: 12 });
  });
});

describe('unrolled separate refuses with exit code 2, and writes nothing', () => {
  beforeAll(() => {
    mkdirSync(at('other'));
    mkdirSync(at('theirs'));
    writeFileSync(at('theirs', 'thesis.tex'), 'years of work');
    writePng(folder, 'good.png', mixtures[0]!);
    writePng(at('other'), 'good.png', mixtures[0]!);
    writePng(folder, 'small.png', image(new Float32Array(11 * 40), { height: 11, width: 40 }));
    writeFileSync(at('picture.png'), 'no picture');
    writeFileSync(at('cut.png'), readFileSync(at('good.png')).subarray(0, 300));
    writeFileSync(at('model.safetensors'), 'no model');
    const model = readFileSync(new URL('../models/digits-and-textures.safetensors', import.meta.url));
    writeFileSync(at('half.safetensors'), model.subarray(0, model.length / 2));
    const filters = { filters: ndArray(new Float32Array(8), [4, 1, 2]) };
    writeFileSync(at('other.safetensors'), encodeSafetensors(filters, { model: 'crsae' }));
    const { tensors, metadata } = parseSafetensors(model);
    const thirteen = { ...metadata, patchHeight: '13' };
    writeFileSync(at('odd.safetensors'), encodeSafetensors(tensors, thirteen));
  });

  it.each([
    ['missing.png', /missing\.png: no such file/],
    ['picture.png', /picture\.png: png: not a PNG file/],
    ['cut.png', /cut\.png: png: truncated/],
    ['small.png', /small\.png: expected at least 12 × 12 pixels, the model's patch, found 11 × 40/],
    ['good.png small.png', /small\.png: expected at least 12 × 12/],
    ['good.png other/good.png', /other\/good\.png: has the name of good\.png/],
    ['good.png --model missing.safetensors', /missing\.safetensors: no such file/],
    ['good.png --model model.safetensors', /model\.safetensors: safetensors: /],
    ['good.png --model half.safetensors', /half\.safetensors: safetensors: /],
    ['good.png --model other.safetensors', /other\.safetensors: model: expected a model of the kind/],
    [
      'good.png --model odd.safetensors',
      /odd\.safetensors: model: it has 144 features, which are no 13 × 12/,
    ],
    ['good.png --model good.png', /good\.png: safetensors: /],
    ['good.png --stride 0', /--stride.*'0' is invalid/],
    ['good.png --stride 13', /--stride: expected at most 12 pixels, the model's patch, got 13/],
    ['', /missing required argument 'mixture'/],
  ])('separate %s', async (line, message) => {
    const { code, stdout, stderr } = await run(`separate ${line} --out new`.replace('  ', ' '));
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readdirSync(folder)).not.toContain('new');
  });

  it('to write into a stranger’s folder, or into the one that a mixture lies in', async () => {
    expect(await run('separate good.png --out theirs')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/theirs.*not written by unrolled/),
    });
    expect(await run('separate other/good.png --out other --force')).toMatchObject({ code: 2 });
    expect(toGrey(read('other', 'good.png')).height).toBe(50);
  });
});
