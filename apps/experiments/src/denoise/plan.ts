import type { Size } from '../experiment.ts';

/** σ of the noise, of a picture of 0 to 1. */
export const deviation = 20 / 255;

/** How a network is made and trained. */
export interface Recipe {
  /** T. */
  readonly layers: number;
  readonly atoms: number;
  /** Pixels of an atom on a side, and from one position to the next. */
  readonly side: number;
  readonly stride: number;
  /** α, and the lasso weight σ²λ that every atom begins with. */
  readonly step: number;
  readonly weight: number;
  /** Updates in all, and after how many of them the curve has a point. */
  readonly steps: number;
  readonly every: number;
  /** Crops of a step, pixels on a side, and over how many random shifts each is averaged. */
  readonly batch: number;
  readonly crop: number;
  readonly shifts: number;
  /** Adam's rate, which it reaches over the first updates and leaves by half a cosine. */
  readonly rate: number;
}

/** What a size of the experiment does. */
export interface Plan {
  readonly recipe: Recipe;
  /** What is other for networks whose filters begin as noise. */
  readonly fromNoise: Partial<Recipe>;
  readonly seeds: number;
  /** Processor seconds for peers that learn: about what a network takes. */
  readonly peerSeconds: number;
  /** Pixels on a side of the middles of the test pictures that all are tested on; undefined: the whole pictures. */
  readonly tested: number | undefined;
  /** Pixels on a side of what is shown, and of what the curves are measured on. */
  readonly shown: number;
}

const recipe: Recipe = {
  layers: 8,
  atoms: 64,
  side: 8,
  stride: 4,
  step: 0.12,
  weight: 0.14,
  steps: 2400,
  every: 300,
  batch: 1,
  crop: 64,
  shifts: 3,
  rate: 0.003,
};

/** Of filters that begin as noise half never occur in pictures: they need larger updates and more layers, and a grid as in the paper. */
const fromNoise = { layers: 12, side: 7, stride: 5, step: 0.1, weight: 0.12, rate: 0.01 };

export const plans: { readonly [S in Size]: Plan } = {
  smoke: {
    recipe: { ...recipe, layers: 3, atoms: 16, steps: 20, every: 10, crop: 40, shifts: 1 },
    fromNoise: {},
    seeds: 1,
    peerSeconds: 2,
    tested: 128,
    shown: 64,
  },
  default: {
    recipe,
    fromNoise: { ...fromNoise, batch: 2, crop: 60, shifts: 1, steps: 1600, every: 200 },
    seeds: 3,
    peerSeconds: 180,
    tested: 256,
    shown: 96,
  },
  // Crops of 128 pixels over all shifts, a thousand epochs of the sixteen pictures.
  paper: {
    recipe: { ...recipe, layers: 30, steps: 16_000, every: 800, batch: 1, crop: 128, shifts: 16 },
    // The published network.
    fromNoise: { ...fromNoise, layers: 30, shifts: 25 },
    seeds: 3,
    peerSeconds: 3600,
    tested: undefined,
    shown: 128,
  },
};
