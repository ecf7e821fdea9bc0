import type { Size } from '../experiment.ts';

/** One way of training. */
export type Training =
  | { readonly landmarks: 'closed-form'; readonly epochs: number }
  | {
      readonly landmarks: 'gradient';
      readonly epochs: number;
      readonly rate: number;
      readonly batchSize: number;
    };

/** A network, and how it is trained. */
export interface Network {
  readonly atoms: number;
  readonly weight: number;
  readonly layers: number;
}

export interface Plan {
  readonly moons: Network & {
    readonly points: number;
    /** Every training from so many seeds. */
    readonly trainings: readonly { readonly training: Training; readonly seeds: number }[];
  };
  readonly digits: Network & { readonly trainings: readonly Training[] };
}

const moons = { atoms: 24, weight: 5, layers: 15 };
const digits = { atoms: 200, weight: 0.5, layers: 100 };

export const plans: { readonly [size in Size]: Plan } = {
  smoke: {
    moons: {
      ...moons,
      points: 600,
      trainings: [
        { training: { landmarks: 'closed-form', epochs: 5 }, seeds: 1 },
        { training: { landmarks: 'gradient', epochs: 20, rate: 0.01, batchSize: 600 }, seeds: 1 },
      ],
    },
    digits: { ...digits, trainings: [] },
  },
  default: {
    moons: {
      ...moons,
      points: 10_000,
      trainings: [
        { training: { landmarks: 'closed-form', epochs: 20 }, seeds: 5 },
        // Ten times the rate of the paper, for a tenth of its epochs.
        { training: { landmarks: 'gradient', epochs: 100, rate: 0.01, batchSize: 10_000 }, seeds: 1 },
      ],
    },
    digits: {
      ...digits,
      trainings: [
        { landmarks: 'closed-form', epochs: 20 },
        // 11 batches, all of one size.
        { landmarks: 'gradient', epochs: 12, rate: 1e-2, batchSize: 466 },
      ],
    },
  },
  paper: {
    moons: {
      ...moons,
      points: 10_000,
      trainings: [
        { training: { landmarks: 'closed-form', epochs: 50 }, seeds: 10 },
        { training: { landmarks: 'gradient', epochs: 1000, rate: 1e-3, batchSize: 10_000 }, seeds: 3 },
      ],
    },
    digits: {
      ...digits,
      trainings: [
        { landmarks: 'closed-form', epochs: 50 },
        { landmarks: 'gradient', epochs: 30, rate: 1e-3, batchSize: 1024 },
      ],
    },
  },
};
