/** Where a training stood after some updates. */
export interface CurvePoint {
  readonly step: number;
  /** The mean over the updates since the point before: root mean square error on training crops, of a picture of 0 to 1. */
  readonly error: number;
  /** On the middles of the test pictures, all shifts: watched, never used. dB. */
  readonly psnr: number;
}

/** What the PSNR gained over the last quarter of a curve, dB: how far a network is from where it would come to rest. */
export function gainedLast(curve: readonly CurvePoint[]): number {
  const last = curve.at(-1)!;
  const before = curve.findLast(({ step }) => step <= 0.75 * last.step) ?? curve[0]!;
  return last.psnr - before.psnr;
}
