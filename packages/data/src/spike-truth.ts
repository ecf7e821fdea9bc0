/** Spikes that are known: of a simulation, or annotated by somebody. */
export interface SpikeTruth {
  /** Sampling rate in Hz, where it is said. */
  readonly rate: number | undefined;
  /** `[spikes]`, ascending, in samples counted from 0; may be fractional. */
  readonly times: Float64Array;
  /** `[spikes]`: who fired. Any whole numbers ≥ 0. */
  readonly units: Int32Array;
  /** `[spikes]`: what the unit's template is multiplied by, where it is said. */
  readonly amplitudes: Float64Array | undefined;
}
