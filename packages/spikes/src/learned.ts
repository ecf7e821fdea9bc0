import type { FrontEnd } from './front/front-end.ts';
import type { FloatArray, TemplatePeak } from './sorting.ts';

/** How a unit fires: what decides whether a deflection is one of its spikes. All relative to its template. */
export interface UnitStatistics {
  /** Mean amplitude of its spikes; 1 by construction of the templates, up to the last refit. */
  readonly amplitude: number;
  /** Standard deviation of its amplitudes. */
  readonly deviation: number;
  /** Spikes a second in the windows that were learned from. */
  readonly firingRate: number;
  /** Deviation of the background along its whitened template; 1 were the background white. */
  readonly background: number;
  /** Spikes that it was learned from. */
  readonly spikes: number;
  /** Part of its inter-spike intervals that are shorter than two thirds of a template: 2 ms for one of 3 ms. */
  readonly refractoryViolations: number;
}

/** One pass over the training windows. */
export interface LearningEpoch {
  readonly epoch: number;
  /** Mean over the samples of ½‖y − Hx‖², whitened units. */
  readonly loss: number;
  /** Lasso weight σ²λ, whitened units: one an atom. */
  readonly weights: readonly number[];
  /** Shift-aware distance of each atom from where it began. */
  readonly moved: readonly number[];
}

/** One decision of `units: 'auto'`, in words and numbers. */
export interface SelectionStep {
  readonly action: 'merge' | 'drop' | 'keep';
  /** Numbers of the candidates that it concerns. */
  readonly candidates: readonly number[];
  readonly reason: string;
}

/** What was learned from a recording: everything that sorting another recording of the same electrodes needs. Plain data. */
export interface Learned {
  readonly frontEnd: FrontEnd;
  /** Length of a template, seconds. */
  readonly duration: number;
  /** Filters of the network `[time, used channels, units]`, of unit norm, in whitened units. */
  readonly filters: FloatArray;
  /** Lasso weight σ²λ of each unit, whitened units. */
  readonly weights: readonly number[];
  /** Layers of the unrolled encoder. */
  readonly layers: number;
  /** Norm of each unit's whitened template: `filters` times this is one spike of amplitude 1. */
  readonly norms: readonly number[];
  /** `[units, time, channels]` in the recording's own units, over all its channels. */
  readonly templates: FloatArray;
  /** Largest deflection of each template. */
  readonly peaks: readonly TemplatePeak[];
  readonly statistics: readonly UnitStatistics[];
  /** Learning curves. */
  readonly history: readonly LearningEpoch[];
  /** Why there are as many units as there are. */
  readonly selection: readonly SelectionStep[];
  readonly seed: number;
}
