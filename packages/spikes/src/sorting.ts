/** An n-dimensional float32 array as plain data, the last axis fastest: what `formats` reads and writes. */
export interface FloatArray {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Where a template has its largest deflection: what a spike's time and place are measured at. */
export interface TemplatePeak {
  /** A channel of the recording, counted from 0. */
  readonly channel: number;
  /** A sample of the template, counted from 0. */
  readonly sample: number;
}

/**
 * What sorting a recording gives: templates, and a list of spikes. Plain data without tensors.
 *
 * The sorted recording is the sum of its spikes: spike `s` adds `amplitudes[s] · templates[units[s]]`, placed so that
 * the template's sample `peaks[units[s]].sample` falls on the recording's sample `times[s]`.
 */
export interface SortedSpikes {
  /** Sampling rate, Hz. */
  readonly rate: number;
  /** Length of the recording in samples. */
  readonly samples: number;
  /** Channels of the recording, those left out included. */
  readonly channels: number;
  /** The channels that were sorted, ascending, counted from 0. */
  readonly usedChannels: readonly number[];
  /** `[units, time, channels]`, over all channels of the recording; zero on those left out. */
  readonly templates: FloatArray;
  /** One a unit: the template's largest deflection. */
  readonly peaks: readonly TemplatePeak[];
  /** `[spikes]`, ascending: the sample of the recording on which the template's peak falls. */
  readonly times: Int32Array | Float64Array;
  /** `[spikes]`: a unit in 0 … units − 1. */
  readonly units: Int32Array;
  /** `[spikes]`: what the unit's template is multiplied by. */
  readonly amplitudes: Float32Array;
}
