import type { Method } from './methods.ts';

/** Sparse signals, x = D z without noise. */
export interface WorldSize {
  readonly features: number;
  readonly atoms: number;
  /** Entries of a code that are not zero. */
  readonly active: number;
  readonly examples: number;
}

/** What the networks of simulated signals have in common. */
export interface Encoder {
  readonly layers: number;
  /** α */
  readonly step: number;
  /** λ */
  readonly weight: number;
}

/** How far the gradients are from their limits. */
export interface LimitsPlan {
  readonly world: WorldSize;
  /** Of the dictionary from the true one, in every entry. */
  readonly deviation: number;
  readonly step: number;
  readonly weight: number;
  /** Steps of ISTA to ẑ. */
  readonly iterations: number;
  /** T of the networks that are compared. */
  readonly depths: readonly number[];
  /** T of the network that is looked at layer by layer, and whose gradient is truncated. */
  readonly deep: number;
  /** Layers that gradients go back through. */
  readonly truncations: readonly number[];
  /** Layers whose Jacobian is looked at, on so many of the signals. */
  readonly jacobians: readonly number[];
  readonly probed: number;
}

/** One dictionary that is learned. */
export interface Learning {
  readonly world: WorldSize;
  /** Of the first dictionary from the true one, in every entry. */
  readonly deviation: number;
  readonly encoder: Encoder;
  readonly method: Method;
  readonly updates: number;
  /** Examples of an update; all of them is the full batch. */
  readonly batch: number;
  /** Adam's rate and ε. */
  readonly rate: number;
  readonly epsilon: number;
  /** β at the end of training: what λ is multiplied by from layer to layer, where it decays; default 0.95. */
  readonly lastDecay?: number;
  /** Updates between two points of the curve. */
  readonly every: number;
}

/** A convolutional network, and how it is trained. */
export interface DenoisingPlan {
  readonly atoms: number;
  /** Pixels of an atom on a side, and from one position to the next. */
  readonly side: number;
  readonly stride: number;
  readonly layers: number;
  /** α: the paper's first. */
  readonly steps: readonly number[];
  readonly weights: readonly number[];
  readonly updates: number;
  readonly every: number;
  /** Pixels of a crop on a side; one crop an update. */
  readonly crop: number;
  readonly rate: number;
  readonly epsilon: number;
  /** Pixels on a side of the middles of the test pictures; undefined: the whole pictures. */
  readonly tested: number | undefined;
  /** Pixels on a side of what is shown, and of what the curves are measured on. */
  readonly shown: number;
}

export interface Plan {
  readonly limits: LimitsPlan;
  readonly dictionaries: readonly Learning[];
  readonly bias: readonly Learning[];
  readonly denoising: DenoisingPlan;
}
