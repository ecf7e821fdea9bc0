import * as tf from '@tensorflow/tfjs-core';
import { adam } from '@unrolled/unroll';
import { beforeAll } from 'vitest';
import { expectRefusals, type Refusals } from '../../backend/test/support/refusals.ts';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import * as kdsPackage from '../src/index.ts';
import { networkOf, normals } from './tensors.ts';

const {
  bestLandmarks,
  closedFormStages,
  clusterCodes,
  codesOf,
  kds,
  kMeans,
  reseedStage,
  seedLandmarks,
  sparseCodes,
  spectralEmbedding,
  trainKds,
  unitNorm,
} = kdsPackage;

watchTensors();

const examples = normals(1, 6, 2);
const holed = { data: examples.data.map((value, i) => (i === 7 ? Number.NaN : value)), shape: [6, 2] };
const short = { data: examples.data.subarray(1), shape: [6, 2] };
const flat = { data: examples.data, shape: [12] };
const empty = { data: new Float32Array(0), shape: [0, 2] };
const equal = { data: new Float32Array(12).fill(1), shape: [6, 2] };
const landmarks = normals(2, 2, 3);
const codes = sparseCodes({ data: Float32Array.of(1, 0, 0, 0.5, 0.5, 0), shape: [2, 3] });
const two = { data: examples.data.subarray(0, 4), shape: [2, 2] };
const points = { data: Float64Array.of(0, 0, 1, 1), shape: [4, 1] as const };

let network: kdsPackage.Kds;
let stepping: kdsPackage.Kds;
beforeAll(async () => {
  network = await networkOf(landmarks, { weight: 1, layers: 2 });
  stepping = await networkOf(landmarks, { weight: 1, layers: 2, trainStep: true });
  return () => {
    network.dispose();
    stepping.dispose();
  };
});

const build =
  (options: object, values: ArrayLike<number> = landmarks.data, shape: number[] = [2, 3]) =>
  async () => {
    const tensor = tf.tensor(Array.from(values), shape);
    try {
      const made = await kds({ landmarks: tensor, weight: 1, layers: 2, ...options });
      made.dispose();
    } finally {
      tensor.dispose();
    }
  };
const learn =
  (options: object, of: unknown = examples, by: () => kdsPackage.Kds = () => network) =>
  () => {
    trainKds(by(), of as typeof examples, { epochs: 1, ...options } as never);
  };

/** By function: what the error names, and a call that has to throw it. */
const refusals: Refusals = {
  kds: [
    ['unknown option "layer"', build({ layer: 3 })],
    ['landmarks', build({}, landmarks.data, [6])],
    ['index 3', build({}, [1, 2, 3, Number.NaN, 5, 6])],
    ['not all zero', build({}, [0, 0, 0, 0, 0, 0])],
    ['weight: expected numbers ≥ 0, got -1', build({ weight: -1 })],
    ['weight', build({ weight: Number.NaN })],
    ['weight', build({ weight: [1, 2, 3] })],
    ['layers', build({ layers: 0 })],
    ['encoder', build({ encoder: 'fast' })],
    ['trainStep', build({ trainStep: 1 })],
  ],
  trainKds: [
    ['unknown option "epoch"', learn({ epoch: 3 })],
    ['landmarks', learn({ landmarks: 'exact' })],
    ['reseed', learn({ reseed: 'no' })],
    ['at least as many as there are landmarks, 3', learn({}, two)],
    ['examples', learn({}, flat)],
    ['examples', learn({}, normals(1, 6, 3))],
    ['index 7', learn({}, holed)],
    ['examples.data', learn({}, short)],
    ['examples', learn({}, null)],
    ['optimizer', learn({ landmarks: 'closed-form', optimizer: adam({ rate: 1 }) })],
    ['gradient', learn({ landmarks: 'closed-form', gradient: 'full' })],
    ["this network's step is trained", learn({ landmarks: 'closed-form' }, examples, () => stepping)],
    ['epochs', () => trainKds(network, examples, { epochs: 0 }).next()],
  ],
  seedLandmarks: [
    ['at most as many landmarks as there are examples, 6', () => seedLandmarks(examples, 7)],
    ['as there are different examples, 1', () => seedLandmarks(equal, 2)],
    ['count', () => seedLandmarks(examples, 0)],
    ['draw', () => seedLandmarks(examples, 2, { draw: 'random' as never })],
    ['index 7', () => seedLandmarks(holed, 2)],
    ['at least one example', () => seedLandmarks(empty, 2)],
    ['unknown option', () => seedLandmarks(examples, 2, { power: 2 } as never)],
  ],
  unitNorm: [
    ['zeros for example 1', () => unitNorm({ data: Float32Array.of(1, 2, 0, 0), shape: [2, 2] })],
    ['index 7', () => unitNorm(holed)],
  ],
  bestLandmarks: [
    ['weight', () => bestLandmarks(two, codes, { weight: -1, landmarks })],
    ['a λ > 0', () => bestLandmarks(two, sparseTwice(), { weight: 0, landmarks })],
    ['a code for every example', () => bestLandmarks(examples, codes, { weight: 1, landmarks })],
    ['atoms [features, atoms]', () => bestLandmarks(two, codes, { weight: 1, landmarks: normals(1, 2, 4) })],
    ['codes', () => bestLandmarks(two, {} as never, { weight: 1, landmarks })],
  ],
  codesOf: [
    ['index 7', () => codesOf(network, holed)],
    ['examples', () => codesOf(network, flat)],
    ['signalShape', () => codesOf(network, normals(1, 6, 3))],
    ['batchSize', () => codesOf(network, examples, { batchSize: 0 })],
    ['aborted', () => codesOf(network, examples, { signal: AbortSignal.abort() })],
    ['unknown option', () => codesOf(network, examples, { batch: 2 } as never)],
  ],
  sparseCodes: [
    ['codes ≥ 0', () => sparseCodes({ data: Float32Array.of(1, -1), shape: [1, 2] })],
    ['codes', () => sparseCodes(flat)],
  ],
  spectralEmbedding: [
    ['as atoms that are used, 2', () => spectralEmbedding(codes, 3)],
    ['components', () => spectralEmbedding(codes, 0)],
    ['method', () => spectralEmbedding(codes, 1, { method: 'sparse' as never })],
    ['codes.atoms', () => spectralEmbedding({ ...codes, size: 1 }, 1)],
    ['codes.values', () => spectralEmbedding({ ...codes, values: codes.values.map(() => Number.NaN) }, 1)],
    [
      'codes over the atoms of the embedding',
      () => spectralEmbedding(codes, 1).embed(sparseCodes({ data: Float32Array.of(1), shape: [1, 1] })),
    ],
  ],
  clusterCodes: [
    ['as atoms that are used, 2', () => clusterCodes(codes, 3)],
    ['clusters', () => clusterCodes(codes, 1.5)],
    ['restarts', () => clusterCodes(codes, 1, { restarts: 0 })],
    ['unknown option', () => clusterCodes(codes, 1, { k: 2 } as never)],
  ],
  kMeans: [
    ['at most as many clusters as points, 4', () => kMeans(points, 5)],
    ['as different points, 2', () => kMeans(points, 3)],
    ['clusters', () => kMeans(points, 0)],
    ['restarts', () => kMeans(points, 1, { restarts: 0 })],
    ['points', () => kMeans({ ...points, data: points.data.map(() => Number.NaN) }, 1)],
    ['points.data', () => kMeans({ ...points, shape: [3, 1] }, 1)],
    ['unknown option', () => kMeans(points, 1, { k: 2 } as never)],
  ],
  closedFormStages: [['reseed', () => closedFormStages({ reseed: 1 as never })]],
  reseedStage: [['index 7', () => reseedStage(holed)]],
};

/** Two atoms that are always used alike: without λ the system is singular. */
function sparseTwice() {
  return sparseCodes({ data: Float32Array.of(0.5, 0.5, 0, 0.5, 0.5, 0), shape: [2, 3] });
}

expectRefusals(refusals, kdsPackage);
