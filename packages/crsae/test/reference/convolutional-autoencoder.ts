/** A convolutional FISTA auto-encoder on one signal in float64, with its gradients by the recursion of the papers (O-5). */
export interface Reference {
  /** x_T `[positions…, atoms]` */
  readonly code: Float64Array;
  /** ½‖target − W_d x_T‖² */
  readonly loss: number;
  /** dℓ/dH, dℓ/dW_e and dℓ/dW_d of the shape of the filters; tied, the gradient is their sum. */
  readonly gradients: { readonly [B in keyof Banks]: Float64Array };
  /** dℓ/dw, one an atom */
  readonly weights: Float64Array;
  /** The smallest distance of a pre-activation to its threshold: below rounding, a ReLU may flip in float32. */
  readonly closest: number;
}

/** The filters of the residual, of the analysis, and of the decoder. */
export interface Banks {
  readonly residual: ArrayLike<number>;
  readonly analysis: ArrayLike<number>;
  readonly decoder: ArrayLike<number>;
}

export interface Sizes {
  readonly time: number;
  readonly channels: number;
  readonly length: number;
  readonly atoms: number;
  readonly stride: number;
}

export interface ImageSizes {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Of a filter, down and right. */
  readonly extent: readonly [number, number];
  readonly atoms: number;
  readonly stride: number;
}

/** Calls `visit` with the places, in a code, a signal and a bank of filters, of every product that a convolution is a sum of. */
type ForEach = (visit: (code: number, signal: number, filter: number) => void) => void;

/** H, Hᵀ and the correlation at the lags of the filters, written out. */
export function convolution(filters: ArrayLike<number>, sizes: Sizes) {
  const { time, channels, length, atoms, stride } = sizes;
  const positions = (time - length) / stride + 1;
  const forEach: ForEach = (visit) => {
    for (let i = 0; i < positions; i++)
      for (let k = 0; k < length; k++)
        for (let ch = 0; ch < channels; ch++)
          for (let c = 0; c < atoms; c++)
            visit(i * atoms + c, (i * stride + k) * channels + ch, (k * channels + ch) * atoms + c);
  };
  return {
    positions,
    ...products(filters, forEach, { code: positions * atoms, signal: time * channels }),
  };
}

/** The same of images. */
export function imageConvolution(filters: ArrayLike<number>, sizes: ImageSizes) {
  const { height, width, channels, extent, atoms, stride } = sizes;
  const [down, right] = extent;
  const [rows, columns] = [(height - down) / stride + 1, (width - right) / stride + 1];
  const forEach: ForEach = (visit) => {
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let k = 0; k < down; k++)
          for (let l = 0; l < right; l++)
            for (let ch = 0; ch < channels; ch++)
              for (let c = 0; c < atoms; c++)
                visit(
                  (i * columns + j) * atoms + c,
                  ((i * stride + k) * width + j * stride + l) * channels + ch,
                  ((k * right + l) * channels + ch) * atoms + c,
                );
  };
  return products(filters, forEach, { code: rows * columns * atoms, signal: height * width * channels });
}

function products(
  filters: ArrayLike<number>,
  forEach: ForEach,
  sizes: { readonly code: number; readonly signal: number },
) {
  return {
    codeSize: sizes.code,
    synthesis: (x: Float64Array) => {
      const y = new Float64Array(sizes.signal);
      forEach((code, signal, filter) => {
        y[signal]! += x[code]! * filters[filter]!;
      });
      return y;
    },
    analysis: (y: Float64Array) => {
      const x = new Float64Array(sizes.code);
      forEach((code, signal, filter) => {
        x[code]! += y[signal]! * filters[filter]!;
      });
      return x;
    },
    /** What a bᵀ of the dense recursion becomes: a, of a signal, correlated with b, of a code, at the lags of the filters. */
    correlate: (a: Float64Array, b: Float64Array) => {
      const h = new Float64Array(filters.length);
      forEach((code, signal, filter) => {
        h[filter]! += a[signal]! * b[code]!;
      });
      return h;
    },
  };
}

/** The auto-encoder of one bank of filters, over time, and the gradient of that bank. */
export function referenceAutoencoder(
  y: Float64Array,
  filters: ArrayLike<number>,
  options: Sizes & NetworkOptions,
): Reference & { readonly filters: Float64Array } {
  const banks = { residual: filters, analysis: filters, decoder: filters };
  const reference = recursion(y, y, banks, (bank) => convolution(bank, options), options);
  return { ...reference, filters: tiedGradient(reference) };
}

/** The auto-encoder of images with a clean target. */
export function referenceImageAutoencoder(
  y: Float64Array,
  target: Float64Array,
  banks: Banks,
  options: ImageSizes & NetworkOptions,
): Reference {
  return recursion(y, target, banks, (bank) => imageConvolution(bank, options), options);
}

/** dℓ/dH where one H is in all three places. */
export const tiedGradient = ({ gradients: { residual, analysis, decoder } }: Reference): Float64Array =>
  residual.map((value, index) => value + analysis[index]! + decoder[index]!);

interface NetworkOptions {
  readonly weights: readonly number[];
  readonly step: number;
  readonly layers: number;
  readonly nonNegative: boolean;
}

function recursion(
  y: Float64Array,
  target: Float64Array,
  banks: Banks,
  convolutionOf: (bank: ArrayLike<number>) => ReturnType<typeof products>,
  options: NetworkOptions,
): Reference {
  const { weights, step, layers, nonNegative } = options;
  const atoms = weights.length;
  const residual = convolutionOf(banks.residual);
  const analysis = convolutionOf(banks.analysis);
  const decoder = convolutionOf(banks.decoder);
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
  let x = new Float64Array(residual.codeSize);
  let z = x;
  let s = 1;
  let closest = Number.POSITIVE_INFINITY;
  for (let t = 0; t < layers; t++) {
    const r = minus(y, residual.synthesis(z));
    const pull = analysis.analysis(r);
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
  const r = minus(target, decoder.synthesis(x));
  const gradients = {
    residual: new Float64Array(banks.residual.length),
    analysis: new Float64Array(banks.analysis.length),
    decoder: decoder.correlate(r, x).map((value) => -value),
  };
  const add = (to: Float64Array, part: Float64Array, scale: number): void =>
    part.forEach((value, index) => {
      to[index]! += scale * value;
    });
  const thresholds = new Float64Array(atoms);
  let u = decoder.analysis(r).map((value) => -value);
  let before = new Float64Array(u.length);
  for (let t = layers - 1; t >= 0; t--) {
    const g = u.map((value, j) => (isOn(cs[t]![j]!, b(j)) ? value : 0));
    g.forEach((value, j) => {
      thresholds[j % atoms]! -= (nonNegative ? 1 : Math.sign(cs[t]![j]!)) * value;
    });
    const wg = analysis.synthesis(g);
    add(gradients.analysis, analysis.correlate(rs[t]!, g), step);
    add(gradients.residual, residual.correlate(wg, zs[t]!), -step);
    const back = residual.analysis(wg);
    const w = g.map((value, j) => value - step * back[j]!);
    const betaBefore = t > 0 ? beta[t - 1]! : 0;
    u = before.map((value, j) => value + (1 + betaBefore) * w[j]!);
    before = w.map((value) => -betaBefore * value);
  }
  return {
    code: x,
    loss: 0.5 * r.reduce((sum, value) => sum + value * value, 0),
    gradients,
    weights: thresholds.map((value) => step * value),
    closest,
  };
}
