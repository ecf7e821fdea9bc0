/** A tied convolutional FISTA auto-encoder on one window in float64, with its gradients by the recursion of the papers (O-5). */
export interface Reference {
  /** x_T `[positions, atoms]` */
  readonly code: Float64Array;
  /** ½‖y − H x_T‖² */
  readonly loss: number;
  /** dℓ/dh `[time, channels, atoms]` */
  readonly filters: Float64Array;
  /** dℓ/dw, one an atom */
  readonly weights: Float64Array;
  /** The smallest distance of a pre-activation to its threshold: below rounding, a ReLU may flip in float32. */
  readonly closest: number;
}

export interface Sizes {
  readonly time: number;
  readonly channels: number;
  readonly length: number;
  readonly atoms: number;
  readonly stride: number;
}

/** H, Hᵀ and the correlation at the K lags, written out. */
export function convolution(filters: ArrayLike<number>, sizes: Sizes) {
  const { time, channels, length, atoms, stride } = sizes;
  const positions = (time - length) / stride + 1;
  const forEach = (visit: (code: number, signal: number, filter: number) => void): void => {
    for (let i = 0; i < positions; i++)
      for (let k = 0; k < length; k++)
        for (let ch = 0; ch < channels; ch++)
          for (let c = 0; c < atoms; c++)
            visit(i * atoms + c, (i * stride + k) * channels + ch, (k * channels + ch) * atoms + c);
  };
  return {
    positions,
    synthesis: (x: Float64Array) => {
      const y = new Float64Array(time * channels);
      forEach((code, signal, filter) => {
        y[signal]! += x[code]! * filters[filter]!;
      });
      return y;
    },
    analysis: (y: Float64Array) => {
      const x = new Float64Array(positions * atoms);
      forEach((code, signal, filter) => {
        x[code]! += y[signal]! * filters[filter]!;
      });
      return x;
    },
    /** What a bᵀ of the dense recursion becomes: a, of a signal, correlated with b, of a code, at the K lags. */
    correlate: (a: Float64Array, b: Float64Array) => {
      const h = new Float64Array(length * channels * atoms);
      forEach((code, signal, filter) => {
        h[filter]! += a[signal]! * b[code]!;
      });
      return h;
    },
  };
}

export function referenceAutoencoder(
  y: Float64Array,
  filters: ArrayLike<number>,
  options: Sizes & {
    readonly weights: readonly number[];
    readonly step: number;
    readonly layers: number;
    readonly nonNegative: boolean;
  },
): Reference {
  const { weights, step, layers, nonNegative, atoms } = options;
  const { positions, synthesis, analysis, correlate } = convolution(filters, options);
  const b = (index: number): number => step * weights[index % atoms]!;
  const shrink = (v: number, threshold: number): number =>
    nonNegative ? Math.max(v - threshold, 0) : Math.sign(v) * Math.max(Math.abs(v) - threshold, 0);
  const isOn = (v: number, threshold: number): boolean => (nonNegative ? v : Math.abs(v)) > threshold;
  const minus = (p: Float64Array, q: Float64Array) => p.map((value, i) => value - q[i]!);

  // Forward, everything kept.
  const beta: number[] = [];
  const zs: Float64Array[] = [];
  const cs: Float64Array[] = [];
  const rs: Float64Array[] = [];
  let x = new Float64Array(positions * atoms);
  let z = x;
  let s = 1;
  let closest = Number.POSITIVE_INFINITY;
  for (let t = 0; t < layers; t++) {
    const r = minus(y, synthesis(z));
    const pull = analysis(r);
    const c = z.map((value, j) => value + step * pull[j]!);
    c.forEach((value, j) => {
      closest = Math.min(closest, Math.abs((nonNegative ? value : Math.abs(value)) - b(j)));
    });
    zs.push(z);
    cs.push(c);
    rs.push(r);
    const next = c.map((value, j) => shrink(value, b(j)));
    const following = (1 + Math.sqrt(1 + 4 * s * s)) / 2;
    beta.push((s - 1) / following);
    s = following;
    z = next.map((value, j) => value + beta[t]! * (value - x[j]!));
    x = next;
  }

  // Backward. The decoder's part first, then layer by layer.
  const r = minus(y, synthesis(x));
  const gradient = correlate(r, x).map((value) => -value);
  const add = (part: Float64Array, scale: number): void =>
    part.forEach((value, index) => {
      gradient[index]! += scale * value;
    });
  const thresholds = new Float64Array(atoms);
  let u = analysis(r).map((value) => -value);
  let before = new Float64Array(u.length);
  for (let t = layers - 1; t >= 0; t--) {
    const g = u.map((value, j) => (isOn(cs[t]![j]!, b(j)) ? value : 0));
    g.forEach((value, j) => {
      thresholds[j % atoms]! -= (nonNegative ? 1 : Math.sign(cs[t]![j]!)) * value;
    });
    const hg = synthesis(g);
    add(correlate(rs[t]!, g), step);
    add(correlate(hg, zs[t]!), -step);
    const back = analysis(hg);
    const w = g.map((value, j) => value - step * back[j]!);
    const betaBefore = t > 0 ? beta[t - 1]! : 0;
    u = before.map((value, j) => value + (1 + betaBefore) * w[j]!);
    before = w.map((value) => -betaBefore * value);
  }
  return {
    code: x,
    loss: 0.5 * r.reduce((sum, value) => sum + value * value, 0),
    filters: gradient,
    weights: thresholds.map((value) => step * value),
    closest,
  };
}
