/** What the iterations of FISTA are, but for the problem. */
export interface FistaSteps {
  /** α > 0 */
  readonly step: number;
  /** β_1 … β_T */
  readonly momenta: Float64Array;
}
