import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { encodeSafetensors, ndArray, parseSafetensors, writeNpz } from '@unrolled/formats';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  denoise,
  loadDenoiser,
  saveDenoiser,
  shotNoise,
  untrainedDenoiser,
  whiteNoise,
} from '../src/index.ts';
import { filters, modelFile, waves } from './worlds.ts';

beforeAll(() => useBackend('wasm'));

const { array } = filters(4, 3, 0.3, 1);
const weights = ndArray(Float32Array.of(0.1, -0.05, 0));
const tensors = { 'operator.filters': array, 'prior.weight': weights };
const noisy = whiteNoise(0.1).corrupt(waves(20, 22), random(1));

describe('what is saved', () => {
  test.each([
    ['white', whiteNoise(0.1, { centred: true })],
    ['shot', shotNoise(4)],
  ])('comes back: %s noise', async (_, noise) => {
    const denoiser = await untrainedDenoiser({ noise, atoms: 8, size: 4, stride: 2, layers: 2 });
    const bytes = await saveDenoiser(denoiser, { command: 'unrolled train denoise' });
    const again = await loadDenoiser(bytes);
    expect(again.description).toEqual({ ...denoiser.description, command: 'unrolled train denoise' });
    expect(again.noise.name).toBe(noise.name);
    const picture = noise.corrupt(noise.signal(waves(20, 22)), random(2));
    expect(await denoise(picture, again)).toEqual(await denoise(picture, denoiser));
    expect(Buffer.compare(await saveDenoiser(again), bytes)).toBe(0);
    for (const { network } of [denoiser, again]) network.dispose();
  });
});

describe('an archive of arrays', () => {
  const config = {
    ...parseSafetensors(modelFile(tensors)).metadata,
    layers: 3,
    stride: 2,
    shiftAverage: true,
  };
  const archive = (files: { readonly [name: string]: Uint8Array }) => writeNpz(tensors, { files });
  const text = (content: string) => new TextEncoder().encode(content);

  test('with config.json is the same model, numbers and booleans as such', async () => {
    const fromArchive = await loadDenoiser(archive({ 'config.json': text(JSON.stringify(config)) }));
    const fromTensors = await loadDenoiser(modelFile(tensors));
    expect(await denoise(noisy, fromArchive)).toEqual(await denoise(noisy, fromTensors));
    for (const { network } of [fromArchive, fromTensors]) network.dispose();
  });

  test.each([
    [
      'no config',
      archive({}),
      /npz: expected config\.json in the archive, got operator\.filters, prior\.weight/,
    ],
    ['no JSON', archive({ 'config.json': text('{') }), /config\.json: expected JSON/],
    ['a list', archive({ 'config.json': text('[]') }), /config\.json: expected an object/],
  ])('%s', async (_, bytes, message) => {
    await expect(loadDenoiser(bytes)).rejects.toThrow(message);
  });
});

test('a level that the file leaves open is said by whoever loads it, and pictures are shown as they are', async () => {
  const open = modelFile(tensors, { deviation: undefined });
  await expect(loadDenoiser(open)).rejects.toThrow(/metadata: expected deviation/);
  const denoiser = await loadDenoiser(open, { noise: whiteNoise(0.3) });
  const known = await loadDenoiser(modelFile(tensors));
  const shown = await denoise(noisy, denoiser, { noise: whiteNoise(0.3) });
  expect(shown).toEqual(await denoise(noisy, known));
  await expect(loadDenoiser(open, { noise: shotNoise(1) })).rejects.toThrow(/noise: expected gaussian noise/);
  for (const { network } of [denoiser, known]) network.dispose();
});

describe('refused, with what was given and what is expected', () => {
  const zeros = (...shape: number[]) => ndArray(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
  const poisson = { likelihood: 'poisson', deviation: undefined };

  test.each([
    ['no file', new Uint8Array(0), /safetensors: the file is empty/],
    ['no metadata', encodeSafetensors(tensors), /metadata: expected model, layers.*got none/],
    [
      'unknown field',
      modelFile(tensors, { depth: '3' }),
      /metadata: unknown field depth, expected model, layers/,
    ],
    ['unknown model', modelFile(tensors, { model: 'unet' }), /model: .*crsae, dcea, got "unet"/],
    ['unknown prior', modelFile(tensors, { prior: 'relu' }), /prior: .*l1, nonNegativeL1, got "relu"/],
    ['layers', modelFile(tensors, { layers: '1.5' }), /layers: expected a whole number ≥ 1, got 1.5/],
    ['empty layers', modelFile(tensors, { layers: '' }), /layers: expected a whole number ≥ 1, got NaN/],
    ['stride', modelFile(tensors, { stride: 'five' }), /stride: expected a whole number ≥ 1, got NaN/],
    ['peak of 0', modelFile(tensors, { ...poisson, peak: '0' }), /peak: expected a number > 0, got 0/],
    ['a peak of gaussian', modelFile(tensors, { peak: '4' }), /expected no peak of a gaussian, got 4/],
    [
      'crsae of counts',
      modelFile(tensors, { ...poisson, peak: '4', model: 'crsae' }),
      /gaussian of a crsae, got poisson/,
    ],
    [
      'missing',
      modelFile({ 'operator.filters': array }),
      /tensors: missing prior\.weight; expected operator.*got operator/,
    ],
    ['unknown', modelFile({ ...tensors, H: array }), /tensors: unknown H; expected operator\.filters/],
    ['half untied', modelFile({ ...tensors, 'analysis.filters': array }), /missing decoder\.filters/],
    [
      'rank',
      modelFile({ ...tensors, 'operator.filters': zeros(3, 4, 4) }),
      /operator\.filters: expected \[height, width, channels, atoms\], got \[3, 4, 4\]/,
    ],
    [
      'weight',
      modelFile({ ...tensors, 'prior.weight': zeros(1, 3, 1, 1) }),
      /prior\.weight: expected shape \[3\], got \[1, 3, 1, 1\]/,
    ],
    ['step', modelFile({ ...tensors, step: zeros(1) }), /step: expected shape \[\], got \[1\]/],
    ['a step of 0', modelFile({ ...tensors, step: zeros() }), /step: expected a number > 0, got 0/],
    [
      'NaN',
      modelFile({ ...tensors, 'prior.weight': ndArray(Float32Array.of(0, Number.NaN, 0)) }),
      /prior\.weight: expected finite numbers, got NaN at index 1/,
    ],
    [
      'whole numbers',
      modelFile({ ...tensors, 'prior.weight': ndArray(Int32Array.of(0, 1, 0)) }),
      /prior\.weight: expected float32 or float64, got int32/,
    ],
    ['not an archive', Uint8Array.of(0x50, 0x4b, 1, 2), /npz: not a zip archive/],
  ])('%s', async (_, bytes, message) => {
    await expect(loadDenoiser(bytes)).rejects.toThrow(message);
  });
});
