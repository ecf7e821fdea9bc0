/** A few entries of a code that are made optimal together, each on its side of zero. */
export interface ActiveSet {
  /** G between them, `[size, size]`; positive semi-definite. */
  readonly gram: Float64Array;
  /** What pulls each of them: the correlation less the weight, on the side of zero that it is on or will be on. */
  readonly pull: Float64Array;
  /** +1 or −1. */
  readonly sides: Float64Array;
  /** Their values, changed in place; an entry at zero has a side as well. */
  readonly values: Float64Array;
}

/**
 * A little more than G's diagonal makes neighbouring shifts of one atom, nearly the same, a matrix that can be factored. It
 * slows the search along what they have in common, and moves its end by nothing: where no entry is pulled, none is moved.
 */
const DAMPING = 1e-7;

/**
 * Minimises ½ xᵀ G x less what pulls x, every entry held to its side of zero: Newton's step, cut where the first entry meets
 * zero, which leaves the set; again until a step is made in full.
 *
 * @see Lawson & Hanson 1974, *Solving least squares problems*, chapter 23 (NNLS)
 */
export function solveActiveSet({ gram, pull, sides, values }: ActiveSet): void {
  const size = values.length;
  let free = Array.from(values.keys());
  while (free.length > 0) {
    const step = newtonStep(gram, pull, free, size);
    let fraction = 1;
    free.forEach((entry, index) => {
      const [value, by] = [values[entry]!, step[index]!];
      // An entry at zero that is pushed off its side leaves at once: fraction 0.
      if (by * sides[entry]! < 0 && (value + by) * sides[entry]! <= 0)
        fraction = Math.min(fraction, -value / by);
    });
    const cut = fraction < 1;
    free = free.filter((entry, index) => {
      const [value, by] = [values[entry]!, step[index]!];
      const next = value + fraction * by;
      const meetsZero = cut && by * sides[entry]! < 0 && Math.abs(next) <= 1e-12 * Math.abs(by);
      values[entry] = meetsZero ? 0 : next;
      const moved = values[entry]! - value;
      for (let other = 0; other < size; other++) pull[other]! -= moved * gram[entry * size + other]!;
      return !meetsZero;
    });
    if (!cut) return;
  }
}

/** (G + damping)⁻¹ · pull on the free entries, by Cholesky. */
function newtonStep(gram: Float64Array, pull: Float64Array, free: readonly number[], size: number) {
  const count = free.length;
  const factor = new Float64Array(count * count);
  const step = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let right = pull[free[i]!]!;
    for (let j = 0; j < i; j++) {
      let value = gram[free[i]! * size + free[j]!]!;
      for (let k = 0; k < j; k++) value -= factor[i * count + k]! * factor[j * count + k]!;
      value /= factor[j * count + j]!;
      factor[i * count + j] = value;
      right -= value * step[j]!;
    }
    const diagonal = gram[free[i]! * size + free[i]!]!;
    let pivot = diagonal * (1 + DAMPING);
    for (let k = 0; k < i; k++) pivot -= factor[i * count + k]! ** 2;
    const root = Math.sqrt(Math.max(pivot, DAMPING * diagonal));
    factor[i * count + i] = root;
    step[i] = right / root;
  }
  for (let i = count - 1; i >= 0; i--) {
    for (let k = i + 1; k < count; k++) step[i]! -= factor[k * count + i]! * step[k]!;
    step[i]! /= factor[i * count + i]!;
  }
  return step;
}
