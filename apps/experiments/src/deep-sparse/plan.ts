import type { Size } from '../experiment.ts';

/** Which way a hierarchy is learned. */
export type Direction = 'forward' | 'backward';

/** From where: near the truth, as the theory has it, or from examples. */
export type Start = 'near' | 'examples';

/** A hierarchy that is simulated. */
export interface Hierarchy {
  readonly name: string;
  readonly features: number;
  /** Of every level, from the data upwards. They grow: else the product of two levels is the sparser dictionary, and is learned instead. */
  readonly atoms: readonly number[];
  /** Entries that are not zero in a column above the first level, and in a code of the highest. */
  readonly columnSparsity: number;
  readonly active: number;
}

/** How every level is learned. */
export interface Learning {
  /** λ, and below which an entry of a code is a zero to the level above. */
  readonly weight: number;
  /** Of the dictionary, by online learning, before the rounds without bias. */
  readonly updates: number;
  readonly refinements: number;
  /** Near the truth: the norm of the noise on every atom of unit norm. */
  readonly deviation: number;
}

/** Some hierarchies, learned from more and more examples. */
export interface Series {
  readonly hierarchy: Hierarchy;
  readonly directions: readonly Direction[];
  readonly start: Start;
  readonly learning: Learning;
  readonly examples: readonly number[];
  readonly seeds: number;
}

export interface Plan {
  readonly series: readonly Series[];
  /** One level, learned by both: examples, and so many seeds. */
  readonly one: { readonly hierarchy: Hierarchy; readonly examples: number; readonly seeds: number };
  /** Hierarchies as feed-forward networks, of so many signals. */
  readonly feedForward: { readonly hierarchies: readonly Hierarchy[]; readonly signals: number };
}

const two: Hierarchy = { name: 'two levels', features: 60, atoms: [40, 80], columnSparsity: 2, active: 2 };
const three: Hierarchy = {
  name: 'three levels',
  features: 80,
  atoms: [40, 60, 90],
  columnSparsity: 2,
  active: 2,
};
const one: Hierarchy = { name: 'one level', features: 40, atoms: [60], columnSparsity: 2, active: 3 };
const learning: Learning = { weight: 0.05, updates: 20, refinements: 5, deviation: 0.5 };
const both: readonly Direction[] = ['forward', 'backward'];
const tiny: Hierarchy = { name: 'two levels', features: 20, atoms: [8, 24], columnSparsity: 2, active: 1 };

export const plans: { readonly [size in Size]: Plan } = {
  smoke: {
    series: [
      {
        hierarchy: tiny,
        directions: both,
        start: 'near',
        learning: { ...learning, weight: 0.1, updates: 4, refinements: 2 },
        examples: [30, 120],
        seeds: 1,
      },
    ],
    one: { hierarchy: { ...one, features: 16, atoms: [20] }, examples: 100, seeds: 1 },
    feedForward: { hierarchies: [tiny], signals: 20 },
  },
  default: {
    series: [
      {
        hierarchy: two,
        directions: both,
        start: 'near',
        learning,
        examples: [80, 120, 180, 270, 400, 800],
        seeds: 3,
      },
      {
        hierarchy: three,
        directions: both,
        start: 'near',
        learning,
        examples: [90, 135, 200, 300, 450, 900],
        seeds: 3,
      },
      {
        hierarchy: two,
        directions: both,
        start: 'examples',
        learning: { ...learning, weight: 0.1, updates: 60 },
        examples: [200, 800],
        seeds: 2,
      },
    ],
    one: { hierarchy: one, examples: 1000, seeds: 3 },
    feedForward: { hierarchies: [one, two, three], signals: 1000 },
  },
  paper: {
    series: [
      {
        hierarchy: two,
        directions: both,
        start: 'near',
        learning,
        examples: [80, 120, 180, 270, 400, 800, 1600, 3200],
        seeds: 10,
      },
      {
        hierarchy: three,
        directions: both,
        start: 'near',
        learning,
        examples: [90, 135, 200, 300, 450, 900, 1800, 3600],
        seeds: 10,
      },
      {
        hierarchy: two,
        directions: both,
        start: 'examples',
        learning: { ...learning, weight: 0.1, updates: 600 },
        examples: [800, 3200],
        seeds: 5,
      },
    ],
    one: { hierarchy: one, examples: 5000, seeds: 10 },
    feedForward: { hierarchies: [one, two, three], signals: 10_000 },
  },
};
