import * as tf from '@tensorflow/tfjs-core';
import { beforeAll } from 'vitest';
import { expectRefusals, type Refusals } from '../../backend/test/support/refusals.ts';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import * as crsaePackage from '../src/index.ts';
import { normals } from './tensors.ts';
import { makeWorld, networkOf } from './world.ts';

const {
  batchCodes,
  closedFormRate,
  codeMasses,
  codesOf,
  crsae,
  flatPrior,
  gammaPrior,
  leastSquaresFilters,
  meanAbsoluteCode,
  noiseLevel,
  noiseStage,
  pickSpikes,
  rateByGradient,
  rateInClosedForm,
  rateLoss,
  ratesOf,
  refitFilters,
  refitStage,
  trainCrsae,
  universalWeight,
} = crsaePackage;

watchTensors();

const world = makeWorld({ seed: 2, examples: 2, time: 30, length: 5, atoms: 2 });
const { windows } = world;
const holed = { data: windows.data.map((value, i) => (i === 7 ? Number.NaN : value)), shape: windows.shape };
const short = { data: windows.data.subarray(1), shape: windows.shape };
const flat = { data: windows.data, shape: [60] };
const empty = { data: new Float32Array(0), shape: [0, 30, 1] };
const codes = { data: new Float32Array(2 * 26 * 2), shape: [2, 26, 2] };
const negative = { data: new Float32Array(60).fill(-1), shape: [2, 30, 1] };
const filters = { data: world.filters, shape: world.shape };
const pairs = { epoch: () => [] };
const spike = { example: 0, atom: 0, place: 3, amplitude: 1 };

let network: crsaePackage.Crsae;
beforeAll(async () => {
  network = await networkOf(world, { weight: 0.5, layers: 2 });
  return () => network.dispose();
});

/** A call with tensors that are disposed of afterwards. */
const withTensor =
  (values: readonly number[] | Float32Array, shape: number[], call: (tensor: tf.Tensor) => unknown) =>
  async () => {
    const tensor = tf.tensor(values as number[], shape);
    try {
      await call(tensor);
    } finally {
      tensor.dispose();
    }
  };
const build = (
  options: object,
  values: readonly number[] | Float32Array = world.filters,
  shape = [5, 1, 2],
) =>
  withTensor(values, shape, (tensor) =>
    crsae({ weight: 0.5, layers: 2, ...options, filters: tensor } as never),
  );
const learn =
  (options: object, of: unknown = windows) =>
  () => {
    trainCrsae(network, of as typeof windows, { noise: noiseLevel(1), epochs: 1, ...options } as never);
  };

/** By function: what the error names, and a call that has to throw it. `any` of them before any work. */
const refusals: Refusals = {
  crsae: [
    ['unknown option "layer"', build({ layer: 3 })],
    ['filters', build({}, world.filters, [10, 1])],
    ['index 3', build({}, [1, 2, 3, Number.NaN, 5, 6, 7, 8, 9, 10])],
    ['zero for atom 1', build({}, [1, 0, 3, 0, 5, 0, 7, 0, 9, 0])],
    ['weight', build({ weight: -1 })],
    ['weight', build({ weight: Number.NaN })],
    ['weight', build({ weight: [1, 2, 3] })],
    ['weight', build({ weight: undefined })],
    ['layers', build({ layers: 0 })],
    ['layers', build({ layers: 2.5 })],
    ['stride', build({ stride: 0 })],
    ['step', build({ step: 0 })],
    ['step', build({ step: Number.NaN })],
    ['weights', build({ weights: 'own' })],
    ['norms', build({ norms: 'ball' })],
    ['[height, width, channels, atoms]', build({}, world.filters, [5, 1, 2, 1, 1])],
    ['zero for atom 1', build({}, [1, 0, 3, 0], [1, 2, 1, 2])],
  ],
  trainCrsae: [
    ['unknown option "epoch"', learn({ epoch: 3 })],
    ['noise', learn({ noise: undefined })],
    ['noise', learn({ noise: 0.3 })],
    ['windows', learn({}, flat)],
    ['index 7', learn({}, holed)],
    ['windows.data', learn({}, short)],
    ['windows', learn({}, empty)],
    ['windows', learn({}, { data: windows.data, shape: [1, 30, 2] })],
    ['expected a time of 5', learn({}, { data: windows.data.subarray(0, 8), shape: [2, 4, 1] })],
    ['refitWindows', learn({ refitWindows: short })],
    ['refitWindows', learn({ refit: false, refitWindows: windows })],
    ['learningRate', learn({ noiseLearningRate: 2 })],
    ['noiseLearningRate', learn({ noiseLearningRate: 0 })],
    ['sparsity', learn({ sparsity: 'fixed' })],
    [
      'gradient',
      () => trainCrsae(network, windows, { noise: noiseLevel(1), epochs: 1, gradient: { last: -1 } }).next(),
    ],
    ['refit', learn({ refit: true }, pairs)],
    ['refitWindows', learn({ refitWindows: windows }, pairs)],
    ['noiseLearningRate', learn({ noiseLearningRate: 0.1 }, pairs)],
    ['epochs', () => trainCrsae(network, windows, { noise: noiseLevel(1), epochs: 0 }).next()],
  ],
  universalWeight: [
    ['noiseDeviation', () => universalWeight({ noiseDeviation: 0, atoms: 1, codeLength: 2 })],
    ['noiseDeviation', () => universalWeight({ noiseDeviation: Number.NaN, atoms: 1, codeLength: 2 })],
    ['atoms', () => universalWeight({ noiseDeviation: 1, atoms: 0, codeLength: 2 })],
    ['codeLength', () => universalWeight({ noiseDeviation: 1, atoms: 1, codeLength: -3 })],
    ['multiplier', () => universalWeight({ noiseDeviation: 1, atoms: 1, codeLength: 2, multiplier: -1 })],
    [
      'unknown option',
      () => universalWeight({ noiseDeviation: 1, atoms: 1, codeLength: 2, alpha: 1 } as never),
    ],
  ],
  noiseLevel: [
    ['deviation', () => noiseLevel(0)],
    ['deviation', () => noiseLevel(Number.POSITIVE_INFINITY)],
    ['deviation', () => noiseLevel('1' as never)],
    ['deviation', () => noiseLevel(1).set(-1)],
  ],
  noiseStage: [
    ['noise.deviation', () => noiseStage(undefined as never, batchCodes())],
    ['learningRate', () => noiseStage(noiseLevel(1), batchCodes(), { learningRate: 0 })],
    ['(0, 1]', () => noiseStage(noiseLevel(1), batchCodes(), { learningRate: 1.01 })],
    ['unknown option', () => noiseStage(noiseLevel(1), batchCodes(), { rate: 0.1 } as never)],
  ],
  gammaPrior: [
    ['mean', () => gammaPrior({ mean: 0, strength: 1 })],
    ['strength', () => gammaPrior({ mean: 1, strength: Number.NaN })],
    ['windows', () => gammaPrior({ mean: 1, windows: 0, codeLength: 3 })],
    ['codeLength', () => gammaPrior({ mean: 1, windows: 1, codeLength: 0 })],
    ['unknown option', () => gammaPrior({ mean: 1, windows: 1, codeLength: 2, strength: 1 })],
    ['unknown option', () => gammaPrior({ mean: 1, strength: 1, shape: 2 } as never)],
  ],
  closedFormRate: [
    ['meanAbsolute', () => closedFormRate([1, -1], { codeLength: 3, prior: flatPrior })],
    ['meanAbsolute', () => closedFormRate([1, Number.NaN], { codeLength: 3, prior: flatPrior })],
    ['meanAbsolute', () => closedFormRate([], { codeLength: 3, prior: flatPrior })],
    ['codeLength', () => closedFormRate([1], { codeLength: 0, prior: flatPrior })],
    ['prior.shape', () => closedFormRate([1], { codeLength: 3, prior: { shape: 0, inverseScale: 1 } })],
    [
      'prior.inverseScale',
      () => closedFormRate([1], { codeLength: 3, prior: { shape: 1, inverseScale: -1 } }),
    ],
    ['prior.shape', () => closedFormRate([1], { codeLength: 3 } as never)],
    ['unknown option', () => closedFormRate([1], { codeLength: 3, prior: flatPrior, share: true } as never)],
  ],
  rateInClosedForm: [
    ['smoothing', () => rateInClosedForm({ smoothing: 1 })],
    ['smoothing', () => rateInClosedForm({ smoothing: -0.1 })],
    ['smoothing', () => rateInClosedForm({ smoothing: Number.NaN })],
    ['prior', () => rateInClosedForm({ prior: { shape: -1, inverseScale: 0 } })],
    ['unknown option', () => rateInClosedForm({ smooth: 0.5 } as never)],
  ],
  rateByGradient: [
    ['learningRate', () => rateByGradient({ learningRate: 0 })],
    ['learningRate', () => rateByGradient({} as never)],
    ['prior', () => rateByGradient({ learningRate: 1, prior: 3 as never })],
    ['unknown option', () => rateByGradient({ learningRate: 1, rate: 2 } as never)],
  ],
  ratesOf: [['noise.deviation', () => ratesOf(network, 3 as never)]],
  meanAbsoluteCode: [['codes', withTensor([1, 2], [2], (x) => meanAbsoluteCode(x))]],
  rateLoss: [
    ['codes', withTensor([1, 2], [2], (x) => rateLoss(x, x, flatPrior))],
    ['rate', withTensor([1, 2, 3, 4], [1, 1, 4], (x) => rateLoss(x, x, flatPrior))],
    ['prior', withTensor([1, 2, 3, 4], [1, 1, 4], (x) => rateLoss(x, x, {} as never))],
  ],
  codesOf: [
    ['windows', () => codesOf(network, flat)],
    ['index 7', () => codesOf(network, holed)],
    ['windows', () => codesOf(network, empty)],
    ['signalShape', () => codesOf(network, { data: windows.data, shape: [1, 30, 2] })],
  ],
  pickSpikes: [
    ['codes', () => pickSpikes(flat, { radius: 1 })],
    ['radius', () => pickSpikes(codes, { radius: -1 })],
    ['radius', () => pickSpikes(codes, {} as never)],
    ['share', () => pickSpikes(codes, { radius: 1, share: Number.NaN })],
    ['unknown option', () => pickSpikes(codes, { radius: 1, shares: 1 } as never)],
  ],
  leastSquaresFilters: [
    ['ridge', () => leastSquaresFilters(windows, [spike], { atoms: 2, length: 3, ridge: 0 })],
    ['weights', () => leastSquaresFilters(windows, [spike], { atoms: 2, length: 3, weights: codes })],
    ['weights', () => leastSquaresFilters(windows, [spike], { atoms: 2, length: 3, weights: negative })],
    ['windows', () => leastSquaresFilters(flat, [], { atoms: 1, length: 3 })],
    ['index 7', () => leastSquaresFilters(holed, [], { atoms: 1, length: 3 })],
    [
      'spikes[0].example',
      () => leastSquaresFilters(windows, [{ ...spike, example: 2 }], { atoms: 2, length: 3 }),
    ],
    [
      'spikes[1].atom',
      () => leastSquaresFilters(windows, [spike, { ...spike, atom: 2 }], { atoms: 2, length: 3 }),
    ],
    [
      'spikes[0].place',
      () => leastSquaresFilters(windows, [{ ...spike, place: 0.5 }], { atoms: 2, length: 3 }),
    ],
    [
      'spikes[0].amplitude',
      () => leastSquaresFilters(windows, [{ ...spike, amplitude: Number.NaN }], { atoms: 2, length: 3 }),
    ],
    ['atoms', () => leastSquaresFilters(windows, [], { atoms: 0, length: 3 })],
    ['length', () => leastSquaresFilters(windows, [], { atoms: 1, length: 0 })],
    ['margin', () => leastSquaresFilters(windows, [], { atoms: 1, length: 3, margin: -1 })],
    ['unknown option', () => leastSquaresFilters(windows, [], { atoms: 1, length: 3, ridges: 1 } as never)],
  ],
  refitFilters: [
    ['filters', () => refitFilters(windows, { data: codes.data, shape: [2, 13, 4] }, filters)],
    ['codes', () => refitFilters(windows, { data: new Float32Array(52), shape: [1, 26, 2] }, filters)],
    ['codes', () => refitFilters(windows, { data: new Float32Array(80), shape: [2, 20, 2] }, filters)],
    ['filters', () => refitFilters(windows, codes, { data: new Float32Array(15), shape: [5, 1, 3] })],
    [
      'index 0',
      () => refitFilters(windows, codes, { data: new Float32Array(10).fill(Number.NaN), shape: [5, 1, 2] }),
    ],
    ['margin', () => refitFilters(windows, codes, filters, { margin: 0.5 })],
    ['radius', () => refitFilters(windows, codes, filters, { radius: -2 })],
    ['unknown option', () => refitFilters(windows, codes, filters, { sharing: 2 } as never)],
  ],
  refitStage: [
    ['windows', () => refitStage(flat)],
    ['index 7', () => refitStage(holed)],
    ['unknown option', () => refitStage(windows, { reset: 'filters' } as never)],
  ],
  codeMasses: [
    ['one a place', () => codeMasses([1, 2], [1], 2)],
    ['entry 1 is not', () => codeMasses([1, 2], [1, Number.NaN], 2)],
    ['ascend', () => codeMasses([2, 1], [1, 1], 2)],
    ['radius', () => codeMasses([1, 2], [1, 1], -1)],
  ],
  batchCodes: [['disposed', withTensor(normals(1, 1, 30, 1), [1, 30, 1], (y) => encodeAfterDisposal(y))]],
};

async function encodeAfterDisposal(y: tf.Tensor): Promise<void> {
  const gone = await networkOf(world, { weight: 0.5, layers: 2 });
  gone.dispose();
  batchCodes().of(gone, y);
}

expectRefusals(refusals, crsaePackage);
