import type { DetectionPoint, UnitComparison } from '@unrolled/metrics';
import type { LearningEpoch, SelectionStep } from '../learned.ts';
import type { FloatArray, SortedSpikes } from '../sorting.ts';

/** A channel that was not sorted, and why. */
export interface LeftOutChannel {
  /** Counted from 0. */
  readonly channel: number;
  readonly reason: string;
}

/** A piece of the recording, to be looked at: 50 to 200 ms are good. */
export interface ReportSnippet {
  /** Sample of the recording that it starts at. */
  readonly start: number;
  /** `[time, channels]`, over all channels of the recording, as it was sorted (band-passed), in the recording's units. */
  readonly trace: Float32Array;
  /** The sum of the spikes found, of the same shape. */
  readonly reconstruction: Float32Array;
}

/** What is known of the truth. */
export interface ReportTruth {
  /** `[units, time, channels]`, over all channels of the recording; of any length in time. */
  readonly templates?: FloatArray | undefined;
  /** `[spikes]`, samples of the recording. */
  readonly times?: ArrayLike<number> | undefined;
  /** `[spikes]`: the true unit of each. */
  readonly units?: ArrayLike<number> | undefined;
}

/** Miss against false-alarm rate over the detection threshold, of one method. */
export interface DetectionCurve {
  readonly name: string;
  readonly points: readonly DetectionPoint[];
}

/** Everything that a report shows. Plain data without tensors; only what has no `?` must be there. */
export interface ReportInput {
  /** The report's heading: the recording's name. */
  readonly title: string;
  readonly recording: {
    /** Where it was read from. */
    readonly path?: string | undefined;
    /** Unit of the samples. Default `'a.u.'`. */
    readonly unit?: string | undefined;
    /** Standard deviation of each channel's noise, in that unit, over all channels: gives the signal-to-noise ratios. */
    readonly noise?: ArrayLike<number> | undefined;
    readonly leftOut?: readonly LeftOutChannel[] | undefined;
    /** More that is worth saying: `{ 'Sample type': 'int16' }`. */
    readonly facts?: { readonly [name: string]: string | number } | undefined;
  };
  readonly sorting: SortedSpikes & { readonly explained?: number | undefined };
  readonly snippets: readonly ReportSnippet[];
  readonly learning?: readonly LearningEpoch[] | undefined;
  /** Why there are as many units as there are. */
  readonly selection?: readonly SelectionStep[] | undefined;
  readonly truth?: ReportTruth | undefined;
  /** What `compareSortings` says. */
  readonly evaluation?: readonly UnitComparison[] | undefined;
  /** What `missFalseAlarmCurve` says, one a method. */
  readonly detection?: readonly DetectionCurve[] | undefined;
  /** Options of the run: the seed among them. */
  readonly settings?: { readonly [name: string]: string | number | boolean } | undefined;
  /** How long each stage took. */
  readonly timing?: readonly { readonly stage: string; readonly seconds: number }[] | undefined;
  /** Of the software and what it stands on: `{ unrolled: '0.1.0', node: '20.19.0' }`. */
  readonly versions?: { readonly [name: string]: string } | undefined;
}
