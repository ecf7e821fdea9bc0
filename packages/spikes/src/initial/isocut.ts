/** Non-decreasing least-squares fit with weights (pool adjacent violators). */
export function isotonicFit(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const means: number[] = [];
  const masses: number[] = [];
  const lengths: number[] = [];
  for (let index = 0; index < values.length; index++) {
    let mean = values[index]!;
    let mass = weights[index]!;
    let length = 1;
    while (means.length > 0 && means[means.length - 1]! >= mean) {
      const previous = masses.pop()!;
      mean = (means.pop()! * previous + mean * mass) / (previous + mass);
      mass += previous;
      length += lengths.pop()!;
    }
    means.push(mean);
    masses.push(mass);
    lengths.push(length);
  }
  const fit = new Float64Array(values.length);
  let start = 0;
  for (let block = 0; block < means.length; block++) {
    fit.fill(means[block]!, start, start + lengths[block]!);
    start += lengths[block]!;
  }
  return fit;
}

/** Sum of weighted squares that each prefix's isotonic fit leaves: one pass of pooling. */
function prefixErrors(values: Float64Array, weights: Float64Array): Float64Array {
  const errors = new Float64Array(values.length + 1);
  const blocks: { mass: number; sum: number; squares: number; before: number }[] = [];
  for (let index = 0; index < values.length; index++) {
    const weight = weights[index]!;
    let block = {
      mass: weight,
      sum: weight * values[index]!,
      squares: weight * values[index]! ** 2,
      before: 0,
    };
    while (blocks.length > 0) {
      const last = blocks[blocks.length - 1]!;
      if (last.sum / last.mass < block.sum / block.mass) break;
      blocks.pop();
      block = {
        mass: block.mass + last.mass,
        sum: block.sum + last.sum,
        squares: block.squares + last.squares,
        before: 0,
      };
    }
    const last = blocks[blocks.length - 1];
    block.before = last === undefined ? 0 : last.before + last.squares - last.sum ** 2 / last.mass;
    blocks.push(block);
    errors[index + 1] = block.before + block.squares - block.sum ** 2 / block.mass;
  }
  return errors;
}

/** The best fit that rises and then falls. */
function unimodalFit(values: Float64Array, weights: Float64Array): Float64Array {
  const rising = prefixErrors(values, weights);
  const falling = prefixErrors(values.slice().reverse(), weights.slice().reverse());
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let split = 0; split <= values.length; split++) {
    const error = rising[split]! + falling[values.length - split]!;
    if (error < least) {
      least = error;
      best = split;
    }
  }
  const fit = new Float64Array(values.length);
  fit.set(isotonicFit(values.subarray(0, best), weights.subarray(0, best)));
  fit.set(isotonicFit(values.slice(best).reverse(), weights.slice(best).reverse()).reverse(), best);
  return fit;
}

/** Largest Kolmogorov–Smirnov distance, times √n, between counts of 1 and `expected`, over the heads of the list. */
function headDistance(expected: Float64Array): number {
  let largest = 0;
  for (let length = expected.length; length >= 4; length >>= 1) {
    let total = 0;
    for (let index = 0; index < length; index++) total += expected[index]!;
    let sum = 0;
    let distance = 0;
    for (let index = 0; index < length; index++) {
      sum += expected[index]! / total;
      distance = Math.max(distance, Math.abs((index + 1) / length - sum));
    }
    largest = Math.max(largest, distance * Math.sqrt(length));
  }
  return largest;
}

/** How far a sample is from having one mode, and where it would be cut in two. */
export interface Isocut {
  /** Kolmogorov–Smirnov distance from the best unimodal density, times √n. Below 1.5 to 2: one mode. */
  readonly dip: number;
  /** The deepest place between two modes. */
  readonly cut: number;
}

/**
 * Does a one-dimensional sample have one mode or more?
 *
 * The density 1/spacing of the ordered sample is fitted by the best density that rises and then falls (isotonic
 * regression), and the dip is the Kolmogorov–Smirnov distance of the sample from that fit, away from its mode.
 * J. Magland & A. Barnett, "Unimodal clustering using isotonic regression: ISO-SPLIT", arXiv:1508.04841 (2015).
 */
export function isocut(values: ArrayLike<number>): Isocut {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length - 1;
  if (count < 8) return { dip: 0, cut: sorted[sorted.length >> 1] ?? 0 };
  const range = sorted[count]! - sorted[0]!;
  const floor = Math.max(range * 1e-9, Number.MIN_VALUE);
  const spacings = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    spacings[index] = Math.max(sorted[index + 1]! - sorted[index]!, floor);
  }
  const densities = spacings.map((spacing) => 1 / spacing);
  const fit = unimodalFit(densities, spacings);
  const mode = fit.reduce((best, value, index) => (value > fit[best]! ? index : best), 0);
  const expected = fit.map((value, index) => value * spacings[index]!);
  const left = headDistance(expected.slice(0, mode + 1));
  const right = headDistance(expected.slice(mode).reverse());
  // Where the sample is thinnest, compared with the one-mode fit, on the side that departs from it.
  const [from, to] = left >= right ? [0, mode + 1] : [mode, count];
  const excess = densities.subarray(from, to).map((value, index) => value - fit[from + index]!);
  const valley = valleyIndex(excess, spacings.subarray(from, to)) + from;
  return { dip: Math.max(left, right), cut: (sorted[valley]! + sorted[valley + 1]!) / 2 };
}

/** The lowest place of the best fit that falls and then rises. */
function valleyIndex(values: Float64Array, weights: Float64Array): number {
  const fit = unimodalFit(
    values.map((value) => -value),
    weights,
  );
  return fit.reduce((best, value, index) => (value > fit[best]! ? index : best), 0);
}
