import type { HostTensor } from './host.ts';

/** The derivative of every entry of a result along one direction, and whether it can be believed. */
export interface Differences {
  readonly derivative: Float64Array;
  /** False at an entry with a kink or a jump nearby: differences say nothing about the derivative there. */
  readonly smooth: readonly boolean[];
  /** How far float32 rounding alone may move an entry's derivative. */
  readonly noise: number;
}

/**
 * Fourth-order central differences of float32 results, combined in float64:
 *
 *     D = (8 (f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h
 *
 * An entry is believed where first differences D and second differences S at h and 2h fit one smooth function: for a
 * kink between −2h and 2h, D(2h) − D(h) and S(2h) − 2 S(h) do not vanish together.
 */
export async function differences(
  f: (offset: number) => Promise<HostTensor>,
  h: number,
): Promise<Differences> {
  const at = async (offset: number) => (await f(offset)).values;
  const centre = await at(0);
  const [plus, minus, plus2, minus2] = [await at(h), await at(-h), await at(2 * h), await at(-2 * h)];
  const derivative = new Float64Array(centre.length);
  const largest = [centre, plus, minus, plus2, minus2].reduce(
    (most, values) =>
      values.reduce((m, value) => (Number.isFinite(value) ? Math.max(m, Math.abs(value)) : m), most),
    0,
  );
  // Each result is off by a few units of its last place (2⁻²⁴ of its size), an argument x + h d likewise.
  const noise = (8 * 2 ** -24 * largest) / h;
  const smooth = Array.from(centre, (value, i) => {
    const near = (plus[i]! - minus[i]!) / (2 * h);
    const far = (plus2[i]! - minus2[i]!) / (4 * h);
    const bend = (plus[i]! - 2 * value + minus[i]!) / h;
    const farBend = (plus2[i]! - 2 * value + minus2[i]!) / (2 * h);
    derivative[i] = (4 * near - far) / 3;
    const allowed = 4 * noise + 2e-3 * Math.max(Math.abs(near), Math.abs(far));
    return Math.abs(far - near) <= allowed && Math.abs(farBend - 2 * bend) <= allowed;
  });
  return { derivative, smooth, noise };
}
