/** Arrays by name, as one backend computed them. */
export type Values = { readonly [name: string]: Float32Array };

/** How far one backend is from another. */
export interface Difference {
  /** The largest error of any entry, relative to the largest value of its array; the worst of all arrays. */
  readonly error: number;
  /** Entries of codes that are zero on one and not on the other: what is thresholded was within rounding of the threshold. */
  readonly flips: number;
}

const isCode = (name: string): boolean => name.startsWith('code');

/** Compares what two backends computed. */
export function compare(found: Values, expected: Values): Difference {
  let [error, flips] = [0, 0];
  for (const [name, values] of Object.entries(expected)) {
    const others = found[name]!;
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    values.forEach((value, index) => {
      const other = others[index]!;
      const distance = Math.abs(value - other) / largest;
      // A NaN is no small error.
      if (!(distance <= error)) error = distance;
      if (isCode(name) && (value === 0) !== (other === 0)) flips++;
    });
  }
  return { error, flips };
}
