import type { Size } from '../experiment.ts';

/** How a network is made and trained. */
export interface Recipe {
  /** Mean count of the brightest pixel. */
  readonly peak: number;
  /** T. */
  readonly layers: number;
  readonly atoms: number;
  /** Pixels of an atom on a side, and from one position to the next. */
  readonly side: number;
  readonly stride: number;
  /** What filters begin as: noise, as published, or cosines and their negatives. */
  readonly first: 'noise' | 'cosines';
  /** Of every first filter: the step of the encoder is in its filters. */
  readonly norm: number;
  /** Is the residual bounded below by an ELU of the peak, as published, or exact? */
  readonly bounded: boolean;
  /** No mean count is larger, in the residual nor in what comes out; undefined: no bound. */
  readonly largest?: number;
  /** b that every atom begins with. */
  readonly bias: number;
  /** Updates in all, and after how many of them the curve has a point. */
  readonly steps: number;
  readonly every: number;
  /** Crops of an update, pixels on a side, and over how many random shifts each is averaged. */
  readonly batch: number;
  readonly crop: number;
  readonly shifts: number;
  /** Adam's, of half the squared error in counts, summed over a crop; the rate falls by half a cosine to a fiftieth. */
  readonly rate: number;
  readonly epsilon: number;
  /** Gradients are no longer than this: where rates are large, e^η makes some that would undo everything. */
  readonly clip?: number;
}

/** What a size of the experiment does. */
export interface Plan {
  /** One for every peak. */
  readonly recipes: readonly Recipe[];
  /** Networks of each kind, from different first filters and crops. */
  readonly seeds: number;
  /** The middles of the test pictures that are tested, pixels on a side; undefined: all of them. */
  readonly tested: number | undefined;
  /** Of the noise of every test picture. */
  readonly draws: number;
  /** Processor seconds that the CNN learns for; undefined: as many as the most that any of our networks had. */
  readonly peerSeconds: number | undefined;
  /** Pixels on a side of what is shown, and of what the curves are measured on. */
  readonly shown: number;
  /** Updates on halves of the photons of the X-ray picture. */
  readonly adaptation: number;
}

/** Steps are in the filters: 1/√(κ ‖H‖²), κ the peak and ‖H‖² = 8 of cosines and their negatives, two of them over every pixel each way. */
const norm = (peak: number): number => 1 / Math.sqrt(8 * peak);

/**
 * Mean counts are bounded by three peaks and gradients by a length: one rate that overshoots would draw others after it.
 * b is two standard deviations of what noise makes of a code, at a rate of two fifths of the peak.
 */
const recipe = (peak: number, rate: number): Recipe => ({
  peak,
  layers: 5,
  atoms: 96,
  side: 16,
  stride: 8,
  first: 'cosines',
  norm: norm(peak),
  bounded: false,
  largest: 3 * peak,
  bias: 2 * Math.sqrt(0.4 * peak) * norm(peak),
  steps: 4000,
  every: 500,
  batch: 3,
  crop: 64,
  shifts: 2,
  rate,
  epsilon: 1e-8,
  clip: 1e4,
});

const peak1 = recipe(1, 0.003);
const peak4 = recipe(4, 0.002);

const smoke: Partial<Recipe> = {
  layers: 3,
  atoms: 16,
  side: 6,
  stride: 3,
  steps: 20,
  every: 10,
  batch: 1,
  crop: 32,
  shifts: 2,
};

/** The published network, recipe and optimiser: ε = 1e-3 and a mean over pixels of a picture of 0 to 1 are this ε here. */
const published = ({ clip: _, largest: __, ...recipe }: Recipe): Recipe => ({
  ...recipe,
  layers: 15,
  atoms: 169,
  side: 11,
  stride: 7,
  first: 'noise',
  norm: 0.0147,
  bounded: true,
  bias: recipe.peak === 4 ? 0.1 : 0.01,
  // 400 epochs, here of sixteen pictures.
  steps: 400 * 16,
  every: 20 * 16,
  batch: 1,
  crop: 128,
  shifts: 49,
  rate: recipe.peak === 4 ? 1e-3 : 1e-4,
  epsilon: (1e-3 * 128 ** 2 * recipe.peak ** 2) / 2,
});

export const plans: { readonly [S in Size]: Plan } = {
  smoke: {
    recipes: [{ ...peak4, ...smoke }],
    seeds: 1,
    tested: 64,
    draws: 1,
    peerSeconds: 2,
    shown: 64,
    adaptation: 0,
  },
  default: {
    recipes: [peak1, peak4],
    seeds: 1,
    tested: 192,
    draws: 2,
    peerSeconds: undefined,
    shown: 112,
    adaptation: 300,
  },
  paper: {
    recipes: [published(peak1), published(peak4)],
    seeds: 3,
    tested: undefined,
    draws: 20,
    peerSeconds: undefined,
    shown: 128,
    adaptation: 1000,
  },
};
