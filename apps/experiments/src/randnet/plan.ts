import type { Size } from '../experiment.ts';
import type { DigitSettings } from './digits.ts';
import type { Simulation } from './simulated.ts';

export interface Plan {
  readonly simulation: Simulation;
  /** Digits that are learned from, at most. */
  readonly training: number;
  /** One for every compression; none: no digits. */
  readonly digits: readonly DigitSettings[];
}

const simulation: Simulation = {
  features: 20,
  atoms: 20,
  measurements: 10,
  entries: 2,
  blocks: 50,
  signals: 100,
  matrices: [1, 5, 50],
  weight: 1.5,
  layers: 20,
  bound: 25,
  epochs: 12,
  rate: 0.05,
  gradient: 'full',
};

/** Of a digit. */
export const pixels = 784;

/** Test accuracies that the authors stored, by the numbers that are kept of a digit. */
export const publishedAccuracy: { readonly [measurements: number]: number | undefined } = {
  392: 0.967,
  235: 0.941,
};

/** Numbers that are kept of a digit, and the λ that the authors' stored results are best with. */
const compressions = [
  { measurements: 392, weight: 2 },
  { measurements: 235, weight: 1.4 },
];

type Common = Omit<DigitSettings, 'measurements' | 'weight' | 'atoms' | 'bound'>;

const digits = (common: Common, weight?: number): DigitSettings[] =>
  compressions.map((compression) => ({
    ...compression,
    ...(weight !== undefined && { weight }),
    ...common,
    atoms: pixels,
    bound: 100,
  }));

export const plans: { readonly [size in Size]: Plan } = {
  smoke: {
    simulation: { ...simulation, blocks: 10, signals: 30, matrices: [1, 10], epochs: 2 },
    training: 0,
    digits: [],
  },
  default: {
    simulation,
    training: 10_000,
    // A smaller λ, which keeps more of a digit: after so few updates atoms do not fit as well as the authors'. Through the last ten layers
    // alone: nearly the same gradient, in half the time.
    digits: digits(
      { layers: 25, epochs: 1, rate: 0.01, gradient: { last: 10 }, blockSize: 25, steps: 100 },
      1,
    ),
  },
  paper: {
    simulation: { ...simulation, epochs: 30 },
    training: 10_000,
    // The authors' batches of five, and every digit that is here.
    digits: digits({ layers: 60, epochs: 10, rate: 0.01, gradient: 'full', blockSize: 5, steps: 100 }),
  },
};
