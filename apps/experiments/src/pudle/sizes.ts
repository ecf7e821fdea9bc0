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

/** The paper's table: its signals, and estimators by T. */
const tabled = { features: 50, atoms: 100, active: 5, examples: 10_000, updates: 600 };

const table: readonly (readonly [Method, number])[] = [
  ['decoder', 25],
  ['lasso', 25],
  ['leastSquares', 25],
  ['decoder', 50],
  ['lasso', 50],
  ['leastSquares', 50],
  ['leastSquares', 100],
];

/** The cells of a table: batches of some of the examples, or of all of them. */
const tableOf = (
  { batch, updates, ...world }: Learning['world'] & Pick<Learning, 'batch' | 'updates'>,
  cells: readonly (readonly [Method, number])[],
): Learning[] =>
  cells.map(([method, layers]) => ({
    world,
    deviation: 0.1,
    encoder: { layers, ...published },
    method,
    updates,
    batch,
    rate: 1e-3,
    epsilon: 1e-8,
    every: Math.ceil(updates / 30),
  }));

const methods: readonly Method[] = ['leastSquares', 'decayed', 'hard-threshold', 'noodl', 'alternating'];

/** Every method at every sparsity, one pass over as many examples as its updates take. */
function onlineBatches(
  options: Pick<Learning, 'encoder' | 'deviation' | 'batch' | 'lastDecay'> &
    Pick<Learning['world'], 'features' | 'atoms'> & {
      readonly sparsities: readonly (Pick<Learning & Learning['world'], 'active' | 'updates'> & {
        /** What is other where λ decays. */
        readonly decayed?: Pick<Learning, 'encoder' | 'lastDecay' | 'updates'>;
      })[];
    },
): Learning[] {
  const { features, atoms, sparsities, batch, encoder, deviation, lastDecay } = options;
  return sparsities.flatMap(({ active, updates, decayed }) =>
    methods.map((method) => {
      const own = { encoder, lastDecay, updates, ...(method === 'decayed' && decayed) };
      return {
        world: { features, atoms, active, examples: own.updates * batch },
        deviation,
        encoder: own.encoder,
        method,
        updates: own.updates,
        batch,
        rate: 1e-3,
        epsilon: 1e-3,
        ...(own.lastDecay !== undefined && { lastDecay: own.lastDecay }),
        every: Math.ceil(own.updates / 40),
      };
    }),
  );
}

const encoder: Encoder = { layers: 100, ...published };

const denoising: DenoisingPlan = {
  atoms: 64,
  side: 7,
  stride: 4,
  layers: 15,
  steps: [0.1, 0.05],
  weights: [0.08, 0.16, 0.24],
  updates: 2500,
  every: 250,
  crop: 40,
  rate: 4e-3,
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
    dictionaries: tableOf({ features: 20, atoms: 30, active: 2, examples: 100, batch: 100, updates: 20 }, [
      ['decoder', 25],
      ['leastSquares', 25],
    ]),
    bias: onlineBatches({
      features: 50,
      atoms: 75,
      sparsities: [{ active: 3, updates: 20 }],
      encoder: { ...encoder, layers: 30 },
      deviation: 0.02,
      batch: 20,
      lastDecay: 0.9,
    }),
    denoising: {
      ...denoising,
      atoms: 16,
      layers: 5,
      steps: [0.1],
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
    dictionaries: tableOf({ ...tabled, batch: 1000 }, table),
    bias: onlineBatches({
      features: 250,
      atoms: 375,
      // Where codes have fewer entries, an atom is seen less often.
      sparsities: [
        { active: 5, updates: 400 },
        { active: 10, updates: 350 },
        // So many entries take more layers to be told from the rest than a λ lasts that decays over half of them.
        {
          active: 20,
          updates: 350,
          decayed: { encoder: { layers: 100, weight: 0.2, step: 0.35 }, lastDecay: 0.95, updates: 500 },
        },
      ],
      // Half the layers with longer steps, and λ that decays as far over them.
      encoder: { layers: 50, weight: 0.2, step: 0.35 },
      deviation: 0.01,
      batch: 50,
      lastDecay: 0.9,
    }),
    denoising,
  },
  paper: {
    limits: { ...limits, world: { ...limits.world, examples: 10_000 } },
    dictionaries: tableOf({ ...tabled, batch: tabled.examples }, [
      ...table,
      ['decoder', 100],
      ['lasso', 100],
    ]),
    bias: onlineBatches({
      features: 1000,
      atoms: 1500,
      sparsities: [10, 20, 40].map((active) => ({ active, updates: 1000 })),
      encoder,
      deviation: 0.005,
      batch: 50,
      lastDecay: 0.95,
    }),
    denoising: {
      ...denoising,
      side: 9,
      steps: [0.1],
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
