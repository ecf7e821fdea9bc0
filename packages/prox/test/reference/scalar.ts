/** A penalty of one number, and its prox, in float64: the table of activations, as the field writes it. */
export interface ScalarPrior {
  value(x: number): number;
  prox(v: number, step: number): number;
}

const shrink = (v: number, threshold: number): number => Math.sign(v) * Math.max(Math.abs(v) - threshold, 0);
const linear = (s: number, step: number): number => s ** 2 / (s ** 2 + step);

export const l1 = (w: number): ScalarPrior => ({
  value: (x) => w * Math.abs(x),
  prox: (v, step) => shrink(v, step * w),
});

export const nonNegativeL1 = (w: number): ScalarPrior => ({
  value: (x) => (x < 0 ? Number.POSITIVE_INFINITY : w * x),
  prox: (v, step) => Math.max(v - step * w, 0),
});

export const ridge = (w: number): ScalarPrior => ({
  value: (x) => (w * x ** 2) / 2,
  prox: (v, step) => v * linear(1 / Math.sqrt(w), step),
});

export const elasticNet = (w: number, r: number): ScalarPrior => ({
  value: (x) => w * Math.abs(x) + (r * x ** 2) / 2,
  prox: (v, step) => shrink(v, step * w) / (1 + step * r),
});

export const twoSidedGaussian = (above: number, below: number): ScalarPrior => ({
  value: (x) => x ** 2 / (2 * (x >= 0 ? above : below) ** 2),
  prox: (v, step) => v * linear(v >= 0 ? above : below, step),
});

export const l0 = (w: number): ScalarPrior => ({
  value: (x) => (x === 0 ? 0 : w),
  prox: (v, step) => (Math.abs(v) > Math.sqrt(2 * step * w) ? v : 0),
});

export const box = (lower: number, upper: number): ScalarPrior => ({
  value: (x) => (x < lower || x > upper ? Number.POSITIVE_INFINITY : 0),
  prox: (v) => Math.min(Math.max(v, lower), upper),
});

export const zero: ScalarPrior = { value: () => 0, prox: (v) => v };

/** min_x step·Φ(x) + ½(x − v)², looked for on a grid of 0.001 that holds 0: nothing of a formula. */
export function leastObjective({ value }: ScalarPrior, v: number, step: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let index = -6000; index <= 6000; index++) {
    const x = index / 1000;
    least = Math.min(least, step * value(x) + (x - v) ** 2 / 2);
  }
  return least;
}
