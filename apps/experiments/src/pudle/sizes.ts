import type { Size } from '../experiment.ts';
import type { Method } from './methods.ts';
import type { DenoisingPlan, Encoder, Learning, LimitsPlan, Plan } from './plan.ts';

/** λ and α of all simulated signals. */
const published = { weight: 0.2, step: 0.2 };

const limits: LimitsPlan = {
  world: { features: 50, atoms: 100, active: 5, examples: 300 },
  deviation: 0.02,
  ...published,
  iterations: 2000,
  depths: [1, 2, 5, 10, 15, 20, 30, 40, 50, 75, 100, 125, 150, 200, 250, 300, 400],
  deep: 400,
  truncations: [0, 1, 2, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 200],
  jacobians: [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200],
  probed: 50,
};

/** The table of the paper: estimators by T, the full batch. */
const table: readonly (readonly [Method, number])[] = [
  ['decoder', 25],
  ['lasso', 25],
  ['leastSquares', 25],
  ['decoder', 50],
  ['lasso', 50],
  ['leastSquares', 50],
  ['leastSquares', 100],
];

/** Everything of `size.examples` in every update. */
const fullBatch = (
  size: Learning['world'],
  updates: number,
  cells: readonly (readonly [Method, number])[],
): Learning[] =>
  cells.map(([method, layers]) => ({
    world: size,
    deviation: 0.1,
    encoder: { layers, ...published },
    method,
    updates,
    batch: size.examples,
    rate: 1e-3,
    epsilon: 1e-8,
    every: Math.ceil(updates / 30),
  }));

const methods: readonly Method[] = ['leastSquares', 'decayed', 'hard-threshold', 'noodl', 'alternating'];

/** Every method at every sparsity, one pass over as many examples as updates take. */
function onlineBatches(
  options: Omit<Learning['world'], 'active' | 'examples'> & {
    readonly actives: readonly number[];
    readonly encoder: Encoder;
    readonly deviation: number;
    readonly updates: number;
    readonly batch: number;
  },
): Learning[] {
  const { features, atoms, actives, updates, batch, encoder, deviation } = options;
  return actives.flatMap((active) =>
    methods.map((method) => ({
      world: { features, atoms, active, examples: updates * batch },
      deviation,
      encoder,
      method,
      updates,
      batch,
      rate: 1e-3,
      epsilon: 1e-3,
      every: Math.ceil(updates / 40),
    })),
  );
}

const encoder: Encoder = { layers: 100, ...published };

const denoising: DenoisingPlan = {
  atoms: 64,
  side: 7,
  stride: 4,
  layers: 15,
  step: 0.1,
  weights: [0.08, 0.16, 0.24],
  updates: 5000,
  every: 500,
  crop: 48,
  rate: 1e-3,
  epsilon: 1e-3,
  tested: 192,
  shown: 96,
};

/** What is done at every size. */
export const plans: { readonly [S in Size]: Plan } = {
  smoke: {
    limits: {
      ...limits,
      world: { ...limits.world, features: 20, atoms: 30, active: 2, examples: 20 },
      iterations: 500,
      depths: [5, 20, 80],
      deep: 200,
      truncations: [0, 10, 60],
      jacobians: [1, 5, 20],
      probed: 10,
    },
    dictionaries: fullBatch({ features: 20, atoms: 30, active: 2, examples: 100 }, 20, [
      ['decoder', 25],
      ['leastSquares', 25],
    ]),
    bias: onlineBatches({
      features: 50,
      atoms: 75,
      actives: [3],
      encoder: { ...encoder, layers: 30 },
      deviation: 0.02,
      updates: 20,
      batch: 20,
    }),
    denoising: {
      ...denoising,
      atoms: 16,
      layers: 5,
      weights: [0.16],
      updates: 20,
      every: 10,
      crop: 32,
      tested: 64,
      shown: 48,
    },
  },
  default: {
    limits,
    dictionaries: fullBatch({ features: 50, atoms: 100, active: 5, examples: 500 }, 600, table),
    bias: onlineBatches({
      features: 250,
      atoms: 375,
      actives: [5, 10, 20],
      encoder,
      deviation: 0.01,
      updates: 400,
      batch: 50,
    }),
    denoising,
  },
  paper: {
    limits: { ...limits, world: { ...limits.world, examples: 10_000 } },
    dictionaries: fullBatch({ features: 50, atoms: 100, active: 5, examples: 10_000 }, 600, [
      ...table,
      ['decoder', 100],
      ['lasso', 100],
    ]),
    bias: onlineBatches({
      features: 1000,
      atoms: 1500,
      actives: [10, 20, 40],
      encoder,
      deviation: 0.005,
      updates: 1000,
      batch: 50,
    }),
    denoising: {
      ...denoising,
      side: 9,
      crop: 129,
      weights: [0.08, 0.12, 0.16, 0.2, 0.24],
      updates: 170_000,
      every: 5000,
      rate: 1e-4,
      tested: undefined,
      shown: 128,
    },
  },
};
