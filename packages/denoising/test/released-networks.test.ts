import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { ndArray } from '@unrolled/formats';
import { type Image, image } from '@unrolled/images';
import { beforeAll, describe, expect, test } from 'vitest';
import { denoise, loadDenoiser } from '../src/index.ts';
import {
  forward,
  gaussianWorking,
  type Picture,
  poissonWorking,
  type ReleasedNetwork,
  shiftAverage,
} from './reference/released-networks.ts';
import { filters, modelFile } from './worlds.ts';

beforeAll(() => useBackend('wasm'));

const [size, atoms, stride, layers] = [5, 4, 3, 4] as const;
/** Some atoms are always on, as in the released weights. */
const bias = [0.05, -0.2, 0.1, 0.02].map(Math.fround);
const [height, width] = [14, 11];

const rowsOf = (picture: Image): Picture =>
  Array.from({ length: picture.height }, (_, row) =>
    Array.from(picture.data.subarray(row * picture.width, (row + 1) * picture.width)),
  );
const draw = random(3);
const counts = image(
  Float32Array.from({ length: height * width }, () => draw.poisson(2)),
  { height, width },
);
const grey = image(
  Float32Array.from({ length: height * width }, () => draw.uniform()),
  { height, width },
);

const [h, e, d] = [filters(size, atoms, 0.2, 1), filters(size, atoms, 0.2, 2), filters(size, atoms, 0.2, 4)];
const shared = {
  'operator.filters': h.array,
  'prior.weight': ndArray(Float32Array.from(bias)),
};
const untied = { 'analysis.filters': e.array, 'decoder.filters': d.array };
const released: Pick<ReleasedNetwork, 'bias' | 'step' | 'layers' | 'stride'> = {
  bias,
  step: 1,
  layers,
  stride,
};
const described = { layers: String(layers), stride: String(stride), deviation: undefined };

/** Float32 through four layers of sums of 25 terms of order 1: some 1e-6; a bias or step that is not theirs is off by 1e-2. */
const tolerance = 1e-5;

const furthest = (found: Image, expected: readonly (readonly number[])[]): number =>
  Math.max(...expected.flat().map((value, index) => Math.abs(value - found.data[index]!)));

describe('loaded weights give the released network', () => {
  test.each([
    ['tied', { residual: h.bank, analysis: h.bank, decoder: h.bank }, shared],
    ['free', { residual: h.bank, analysis: e.bank, decoder: d.bank }, { ...shared, ...untied }],
  ])('DEA2D of counts, %s', async (_, banks, tensors) => {
    const network = { ...released, ...banks, working: poissonWorking(4), twoSided: false, momentum: false };
    const fields = { ...described, likelihood: 'poisson', prior: 'nonNegativeL1', peak: '4' };
    const denoiser = await loadDenoiser(modelFile(tensors, fields));
    const eta = shiftAverage(network, rowsOf(counts));
    const rates = eta.map((line) => line.map(Math.exp));
    expect(furthest(await denoise(counts, denoiser), rates)).toBeLessThan(
      tolerance * Math.max(...rates.flat()),
    );
    denoiser.network.dispose();
  });

  test('CRsAE2D: FISTA with the step 1/L, two-sided, b = σ²λ / L', async () => {
    const [L, weights] = [10, [0.5, 0.3, 0.2, 0.4]];
    const network: ReleasedNetwork = {
      ...released,
      residual: h.bank,
      analysis: h.bank,
      decoder: h.bank,
      working: gaussianWorking,
      bias: weights.map((weight) => Math.fround(weight) / L),
      step: 1 / L,
      twoSided: true,
      momentum: true,
    };
    const tensors = {
      'operator.filters': h.array,
      'prior.weight': ndArray(Float32Array.from(weights)),
      step: ndArray(Float32Array.of(1 / L), []),
    };
    const fields = { ...described, model: 'crsae', momentum: 'nesterov', deviation: '0.0784' };
    // A code that is not all zero: filters of norm 1, as the released ones begin.
    const scaled = Object.fromEntries(
      Object.entries({ 'operator.filters': tensors['operator.filters'] }).map(([name, array]) => [
        name,
        ndArray(
          array.data.map((value) => 5 * value),
          array.shape,
        ),
      ]),
    );
    const bank = h.bank.map((filter) => filter.map((line) => line.map((tap) => Math.fround(5 * tap))));
    const denoiser = await loadDenoiser(modelFile({ ...tensors, ...scaled }, fields));
    const expected = shiftAverage(
      { ...network, residual: bank, analysis: bank, decoder: bank },
      rowsOf(grey),
    );
    expect(Math.max(...expected.flat())).toBeGreaterThan(0.1);
    expect(furthest(await denoise(grey, denoiser), expected)).toBeLessThan(tolerance);
    denoiser.network.dispose();
  });

  test('without a stride: straight through, nothing padded', async () => {
    const network = {
      ...released,
      residual: h.bank,
      analysis: e.bank,
      decoder: d.bank,
      stride: 1,
      working: gaussianWorking,
      twoSided: false,
      momentum: false,
    };
    const fields = {
      ...described,
      stride: '1',
      prior: 'nonNegativeL1',
      deviation: '0.1',
      shiftAverage: 'false',
    };
    const denoiser = await loadDenoiser(modelFile({ ...shared, ...untied }, fields));
    expect(furthest(await denoise(grey, denoiser), forward(network, rowsOf(grey)))).toBeLessThan(tolerance);
    denoiser.network.dispose();
  });
});
