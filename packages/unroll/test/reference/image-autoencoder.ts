import type { Family } from '../../../likelihoods/test/reference/families.ts';
import { nesterov } from './fista.ts';

/** The sizes of an image, of filters `[rows, columns, channels, atoms]` and of their steps. */
export interface ImageSizes {
  readonly image: readonly [height: number, width: number];
  readonly filter: readonly [height: number, width: number];
  readonly channels: number;
  readonly atoms: number;
  readonly stride: readonly [down: number, right: number];
}

export interface ImageOptions extends ImageSizes {
  readonly family: Family;
  /** The residual that drives the encoder, where it is not the family's own. */
  readonly working?: Pick<Family, 'residual' | 'slope'>;
  /** Added to H x everywhere. */
  readonly baseline: number;
  readonly weights: readonly number[];
  readonly step: number;
  readonly layers: number;
  readonly momentum: boolean;
  /** Codes are ≥ 0. */
  readonly nonNegative: boolean;
  /** The loss is −log p, or that and Σ w |x|. */
  readonly penalised: boolean;
}

/** What a tied auto-encoder of one image gives in float64, with its gradients by the recursion of the papers (O-5). */
export interface ImageReference {
  readonly loss: number;
  readonly filters: Float64Array;
  /** One an atom. */
  readonly weights: Float64Array;
  readonly baseline: number;
  /** The smallest distance of a pre-activation to its threshold: below rounding, a ReLU may flip in float32. */
  readonly closest: number;
}

/** Visits every product of H x, written out: (H x)[s i + k] gets x[i]·h[k]. */
function products({ image, filter, channels, atoms, stride }: ImageSizes) {
  const positions = [0, 1].map((axis) => (image[axis]! - filter[axis]!) / stride[axis]! + 1);
  const visits: [code: number, signal: number, filter: number][] = [];
  for (let i = 0; i < positions[0]!; i++)
    for (let j = 0; j < positions[1]!; j++)
      for (let k = 0; k < filter[0]; k++)
        for (let l = 0; l < filter[1]; l++)
          for (let channel = 0; channel < channels; channel++)
            for (let atom = 0; atom < atoms; atom++)
              visits.push([
                (i * positions[1]! + j) * atoms + atom,
                ((i * stride[0] + k) * image[1] + j * stride[1] + l) * channels + channel,
                ((k * filter[1] + l) * channels + channel) * atoms + atom,
              ]);
  return { visits, codeSize: positions[0]! * positions[1]! * atoms };
}

/**
 * Forwards, with the residual ρ(y, η) of a likelihood at η = H z + a; and backwards, where its slope ρ′ stands in place of the −1 of the
 * Gaussian recursion: q = ρ′(η_t) ⊙ α H g, ∂H += α ρ_t gᵀ + q zᵀ, ∂a += Σ q, w = g + Hᵀ q.
 */
export function imageAutoencoder(
  y: Float64Array,
  filters: ArrayLike<number>,
  options: ImageOptions,
): ImageReference {
  const { family, working = family, baseline, weights, step, layers, nonNegative, atoms } = options;
  const { visits, codeSize } = products(options);
  const collect = (size: number, add: (into: Float64Array) => void): Float64Array => {
    const into = new Float64Array(size);
    add(into);
    return into;
  };
  const synthesis = (x: Float64Array): Float64Array =>
    collect(y.length, (into) => {
      for (const [code, signal, filter] of visits) into[signal]! += x[code]! * filters[filter]!;
    });
  const analysis = (r: Float64Array): Float64Array =>
    collect(codeSize, (into) => {
      for (const [code, signal, filter] of visits) into[code]! += r[signal]! * filters[filter]!;
    });
  const gradient = new Float64Array(filters.length);
  const correlate = (a: Float64Array, b: Float64Array): void => {
    for (const [code, signal, filter] of visits) gradient[filter]! += a[signal]! * b[code]!;
  };
  const threshold = (j: number): number => step * weights[j % atoms]!;
  const magnitude = (v: number): number => (nonNegative ? v : Math.abs(v));
  const side = (v: number): number => (nonNegative ? 1 : Math.sign(v));
  const beta = options.momentum ? nesterov(layers) : new Float64Array(layers);

  const kept: { z: Float64Array; eta: Float64Array; c: Float64Array; r: Float64Array }[] = [];
  let x = new Float64Array(codeSize);
  let z = x;
  let closest = Number.POSITIVE_INFINITY;
  for (let t = 0; t < layers; t++) {
    const eta = synthesis(z).map((value) => value + baseline);
    const r = y.map((value, i) => working.residual(value, eta[i]!));
    const pull = analysis(r);
    const c = z.map((value, j) => value + step * pull[j]!);
    kept.push({ z, eta, c, r });
    c.forEach((value, j) => {
      closest = Math.min(closest, Math.abs(magnitude(value) - threshold(j)));
    });
    const next = c.map((value, j) => side(value) * Math.max(magnitude(value) - threshold(j), 0));
    z = next.map((value, j) => value + beta[t]! * (value - x[j]!));
    x = next;
  }

  const eta = synthesis(x).map((value) => value + baseline);
  const error = y.map((value, i) => -family.residual(value, eta[i]!));
  const toWeights = new Float64Array(atoms);
  let toBaseline = error.reduce((sum, value) => sum + value, 0);
  let loss = y.reduce((sum, value, i) => sum + family.loss(value, eta[i]!), 0);
  correlate(error, x);
  let u = analysis(error);
  if (options.penalised) {
    x.forEach((value, j) => {
      loss += weights[j % atoms]! * Math.abs(value);
      toWeights[j % atoms]! += Math.abs(value);
      u[j]! += weights[j % atoms]! * Math.sign(value);
    });
  }
  let before = new Float64Array(codeSize);
  for (let t = layers - 1; t >= 0; t--) {
    const { c, r, ...at } = kept[t]!;
    const g = u.map((value, j) => (magnitude(c[j]!) > threshold(j) ? value : 0));
    g.forEach((value, j) => {
      toWeights[j % atoms]! -= step * side(c[j]!) * value;
    });
    correlate(
      r.map((value) => step * value),
      g,
    );
    const q = synthesis(g).map((value, i) => step * value * working.slope(y[i]!, at.eta[i]!));
    correlate(q, at.z);
    toBaseline += q.reduce((sum, value) => sum + value, 0);
    const back = analysis(q);
    const w = g.map((value, j) => value + back[j]!);
    const betaBefore = t > 0 ? beta[t - 1]! : 0;
    u = before.map((value, j) => value + (1 + betaBefore) * w[j]!);
    before = w.map((value) => -betaBefore * value);
  }
  return { loss, filters: gradient, weights: toWeights, baseline: toBaseline, closest };
}
