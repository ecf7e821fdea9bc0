import type { Size } from '../experiment.ts';

/** A round of successive halving: the best of the last one are trained anew, on so many examples. */
export interface Round {
  readonly keep: number;
  readonly examples: number;
  readonly epochs: number;
}

/** What a network is trained for, and how its settings are searched. */
export interface TrainingPlan {
  /** T of LISTA and LSALSA. */
  readonly depths: readonly number[];
  /** T of FISTA and SALSA. */
  readonly steps: readonly number[];
  readonly batchSize: number;
  /** Epochs of the final training at this T. */
  readonly epochs: (layers: number) => number;
  /** Random settings of a learned method at every T. */
  readonly settings: number;
  /** The same of FISTA and SALSA, which only have to be run, and on how many training signals. */
  readonly untrained: { readonly settings: number; readonly examples: number };
  /** How the settings are searched at this T. */
  readonly rounds: (layers: number) => readonly Round[];
  /** Components of so many test signals are shown. */
  readonly pictures: number;
}

/** How many signals of what there are. */
export interface ScenarioPlan extends TrainingPlan {
  readonly train: number;
  /** Pictures for Fashion-MNIST (nine patches each), else signals. */
  readonly test: number;
  /** Pixels on a side of a patch; there are as many atoms as pixels, of every source. */
  readonly side: number;
  /** Steps of FISTA or SALSA to the optimal codes. */
  readonly iterations: number;
  readonly dictionaryEpochs: number;
  /** Signals of each half that α* is found on. */
  readonly tried: number;
}

export interface Plan {
  readonly fashion: ScenarioPlan;
  readonly natural: ScenarioPlan;
  readonly mixtures: ScenarioPlan;
  readonly large: ScenarioPlan;
  readonly three: ScenarioPlan;
}

const steps = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100];

/** Fewer epochs for deep networks: those of five layers cost what an epoch of fifty does in ten. */
const shortened = (epochs: number, full: number) => (layers: number) =>
  Math.max(2, Math.round(epochs * Math.min(1, full / layers)));

const smoke: ScenarioPlan = {
  side: 8,
  train: 200,
  test: 60,
  iterations: 60,
  dictionaryEpochs: 1,
  tried: 20,
  depths: [1, 2],
  steps: [1, 2, 5, 20],
  batchSize: 50,
  epochs: () => 3,
  settings: 3,
  untrained: { settings: 4, examples: 100 },
  rounds: () => [{ keep: 3, examples: 100, epochs: 1 }],
  pictures: 3,
};

/** Twelve settings on two thousand examples, the best four on four thousand; of deeper networks less, as they cost more. */
const halving = (layers: number): readonly Round[] =>
  layers >= 10
    ? [{ keep: 12, examples: 500, epochs: 1 }]
    : [
        { keep: 12, examples: 2000, epochs: 1 },
        { keep: 4, examples: 4000, epochs: 2 },
      ];

const usual: ScenarioPlan = {
  side: 16,
  train: 8000,
  test: 2000,
  iterations: 700,
  dictionaryEpochs: 3,
  tried: 150,
  depths: [1, 2, 5, 10, 20, 50],
  steps,
  batchSize: 100,
  epochs: shortened(30, 5),
  settings: 12,
  untrained: { settings: 24, examples: 400 },
  rounds: halving,
  pictures: 6,
};

const published: TrainingPlan = {
  depths: [1, 2, 5, 10, 20, 50, 100],
  steps,
  batchSize: 10,
  epochs: () => 100,
  settings: 30,
  untrained: { settings: 90, examples: 10_000 },
  rounds: () => [{ keep: 30, examples: Number.MAX_SAFE_INTEGER, epochs: 10 }],
  pictures: 6,
};

/** What every size of the experiment does. */
export const plans: { readonly [S in Size]: Plan } = {
  smoke: {
    fashion: { ...smoke, side: 10 },
    natural: smoke,
    mixtures: smoke,
    large: { ...smoke, side: 12, depths: [1], steps: [1, 5] },
    three: { ...smoke, depths: [1], steps: [1, 5] },
  },
  default: {
    fashion: {
      ...usual,
      side: 10,
      train: 30_000,
      batchSize: 200,
      test: 1000,
      iterations: 200,
      epochs: shortened(30, 5),
      // As many settings and epochs as were meant, where a network is cheap.
      rounds: (layers) => (layers <= 5 ? [{ keep: 12, examples: 10_000, epochs: 5 }] : halving(layers)),
    },
    natural: usual,
    mixtures: {
      ...usual,
      train: 10_000,
      test: 1000,
      iterations: 200,
      epochs: shortened(20, 2),
      batchSize: 100,
    },
    large: {
      ...usual,
      side: 32,
      train: 1000,
      test: 100,
      iterations: 100,
      dictionaryEpochs: 1,
      tried: 30,
      depths: [1, 5],
      steps: [1, 5, 20],
      epochs: () => 3,
      // Every μ asks for a factorisation of 2048 atoms.
      settings: 3,
      untrained: { settings: 2, examples: 200 },
      rounds: () => [{ keep: 3, examples: 200, epochs: 1 }],
      pictures: 4,
    },
    three: {
      ...usual,
      train: 3000,
      test: 500,
      iterations: 200,
      depths: [1, 5],
      steps: [1, 2, 5, 10, 20, 50],
      epochs: () => 10,
      settings: 6,
      untrained: { settings: 12, examples: 300 },
      rounds: () => [{ keep: 6, examples: 1000, epochs: 1 }],
      pictures: 4,
    },
  },
  paper: {
    fashion: { ...usual, ...published, side: 10, train: 540_000, test: 10_000, iterations: 200 },
    natural: { ...usual, ...published, train: 784_000, test: 196_000 },
    mixtures: { ...usual, ...published, train: 588_000, test: 49_000, iterations: 100 },
    large: { ...usual, ...published, side: 32, train: 588_000, test: 49_000, iterations: 100 },
    three: { ...usual, ...published, train: 588_000, test: 49_000, iterations: 100 },
  },
};
