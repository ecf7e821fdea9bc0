import { requireInteger, requireNonNegative } from './checks.ts';
import { refuse } from './errors.ts';

/** The whole state of a generator: four 32-bit words. JSON-able, for checkpoints. */
export type RandomState = readonly [number, number, number, number];

/**
 * A seeded, splittable generator that runs on the host: a seed gives the same numbers on every backend.
 *
 * It is xoshiro128** (Blackman & Vigna 2021), seeded through SplitMix32. `split` derives an independent generator from the
 * state and a key without advancing it, so that item 17 gets the same numbers whoever works on it, and in any order.
 */
export interface Random {
  /** 32 random bits. */
  bits(): number;
  /** Uniform on [0, 1), 32 bits. */
  uniform(low?: number, high?: number): number;
  /** Uniform on {0, …, below − 1}. */
  integer(below: number): number;
  /** Normal, by the polar method of Marsaglia. */
  normal(mean?: number, deviation?: number): number;
  /** Exponential of the given mean. */
  exponential(mean?: number): number;
  /** Gamma with shape > 0 and scale (Marsaglia & Tsang 2000). */
  gamma(shape: number, scale?: number): number;
  /** Poisson counts of any mean ≥ 0. */
  poisson(mean: number): number;
  /** Binomial counts out of `trials`. */
  binomial(trials: number, probability: number): number;
  /** 0 … length − 1 in random order. */
  permutation(length: number): Int32Array;
  /** An independent generator for this key, which leaves this one as it is. */
  split(key: number | string): Random;
  /** The state, to be given to `randomFrom`. */
  state(): RandomState;
}

const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** One turn of SplitMix32: mixes a counter into 32 good bits. */
function mix(x: number): number {
  let z = (x + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

/** Four words out of a list of words, each depending on all of them. */
function digest(words: readonly number[]): RandomState {
  let a = 0x243f6a88;
  for (const word of words) a = mix(a ^ mix(word));
  const b = mix(a + 1);
  const c = mix(b ^ a);
  const d = mix(c + b);
  return [a, b, c, d | 1];
}

function wordsOf(key: number | string): number[] {
  if (typeof key === 'number') return [1, requireInteger('key', key, 0) | 0, Math.floor(key / 2 ** 32) | 0];
  return [2, ...Array.from(key, (character) => character.codePointAt(0)!)];
}

/** A generator from a seed, a whole number ≥ 0. */
export function random(seed: number): Random {
  return randomFrom(digest([0, requireInteger('seed', seed, 0) | 0, Math.floor(seed / 2 ** 32) | 0]));
}

/** The generator that had this state: it goes on where that one stopped. */
export function randomFrom(state: RandomState): Random {
  if (
    !Array.isArray(state) ||
    state.length !== 4 ||
    !state.every(Number.isInteger) ||
    state.every((w) => w === 0)
  ) {
    refuse('state', state, 'four 32-bit words, not all zero');
  }
  let [a, b, c, d] = state as RandomState;

  const bits = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  const unit = (): number => bits() / 2 ** 32;
  /** Uniform on (0, 1): safe for a logarithm. */
  const open = (): number => (bits() + 0.5) / 2 ** 32;

  const integer = (below: number): number => {
    requireInteger('below', below);
    if (below > 2 ** 32) refuse('below', below, 'at most 2³²');
    // Rejection keeps the draw exactly uniform.
    const limit = 2 ** 32 - (2 ** 32 % below);
    for (;;) {
      const draw = bits();
      if (draw < limit) return draw % below;
    }
  };

  const normal = (mean = 0, deviation = 1): number => {
    // The second number of the pair is dropped, so that the state is the four words and nothing besides.
    for (;;) {
      const u = 2 * open() - 1;
      const v = 2 * open() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return mean + deviation * u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  };

  const gamma = (shape: number, scale = 1): number => {
    if (!(shape > 0)) refuse('shape', shape, 'a number > 0');
    if (shape < 1) return gamma(shape + 1, scale) * open() ** (1 / shape);
    const e = shape - 1 / 3;
    const f = 1 / Math.sqrt(9 * e);
    for (;;) {
      const x = normal();
      const v = (1 + f * x) ** 3;
      if (v > 0 && Math.log(open()) < 0.5 * x * x + e - e * v + e * Math.log(v)) return e * v * scale;
    }
  };

  const binomial = (trials: number, probability: number): number => {
    requireInteger('trials', trials, 0);
    if (!(probability >= 0 && probability <= 1)) refuse('probability', probability, 'a number in [0, 1]');
    let successes = 0;
    for (let trial = 0; trial < trials; trial++) if (unit() < probability) successes++;
    return successes;
  };

  const poisson = (mean: number): number => {
    requireNonNegative('mean', mean);
    if (mean > 30) {
      // The time of the m-th arrival is Gamma(m); what is left of the mean after it is Poisson again (Ahrens & Dieter 1974).
      const m = Math.floor((7 * mean) / 8);
      const arrival = gamma(m);
      return arrival > mean ? binomial(m - 1, mean / arrival) : m + poisson(mean - arrival);
    }
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = open(); product > limit; product *= open()) count++;
    return count;
  };

  const permutation = (length: number): Int32Array => {
    const order = Int32Array.from({ length: requireInteger('length', length, 0) }, (_, index) => index);
    for (let last = length - 1; last > 0; last--) {
      const other = integer(last + 1);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    return order;
  };

  return Object.freeze({
    bits,
    uniform: (low = 0, high = 1) => low + (high - low) * unit(),
    integer,
    normal,
    exponential: (mean = 1) => -mean * Math.log(open()),
    gamma,
    poisson,
    binomial,
    permutation,
    split: (key: number | string) => randomFrom(digest([a, b, c, d, ...wordsOf(key)])),
    state: (): RandomState => [a, b, c, d],
  });
}
