import type { Size } from '../experiment.ts';

/** A network, and how it learns its atoms. */
export interface Learning {
  readonly atoms: number;
  readonly layers: number;
  /** λ, of non-negative codes. */
  readonly weight: number;
  /** ρ for every example: the ridge of n examples is n times that. */
  readonly ridge: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly rate: number;
  /** Of codes of all examples and the atoms that are best for them, after training. */
  readonly rounds: number;
}

export interface Plan {
  readonly examples: { readonly train: number; readonly test: number };
  readonly learning: Learning;
  /** How many of the most alike vote. */
  readonly neighbours: readonly number[];
  readonly shown: { readonly atoms: number; readonly digits: number; readonly beside: number };
}

const learning: Learning = {
  atoms: 100,
  layers: 15,
  weight: 1,
  ridge: 0.005,
  epochs: 8,
  batchSize: 100,
  rate: 3e-3,
  rounds: 8,
};

export const plans: { readonly [size in Size]: Plan } = {
  smoke: {
    examples: { train: 200, test: 50 },
    learning: { ...learning, atoms: 20, layers: 8, epochs: 2, rounds: 2 },
    neighbours: [1, 5],
    shown: { atoms: 3, digits: 3, beside: 4 },
  },
  default: {
    examples: { train: 2000, test: 1000 },
    learning,
    neighbours: [1, 5],
    shown: { atoms: 10, digits: 10, beside: 8 },
  },
  paper: {
    examples: { train: 10_000, test: 2000 },
    learning: { ...learning, atoms: 500, epochs: 200, batchSize: 32, rate: 1e-4 },
    neighbours: [1, 5, 10],
    shown: { atoms: 12, digits: 10, beside: 10 },
  },
};
