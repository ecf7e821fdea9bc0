/** Tied FISTA auto-encoder on one dense example in float64, with its gradients by the recursion of the papers (O-5). */
export interface Reference {
  readonly code: Float64Array;
  readonly loss: number;
  /** dℓ/dA `[features, atoms]` */
  readonly operator: Float64Array;
  /** dℓ/dw of one shared weight. */
  readonly weight: number;
}

/** β_t of Nesterov's sequence, t from 1. */
export function nesterov(layers: number): Float64Array {
  let s = 1;
  return Float64Array.from({ length: layers }, () => {
    const next = (1 + Math.sqrt(1 + 4 * s * s)) / 2;
    const beta = (s - 1) / next;
    s = next;
    return beta;
  });
}

/**
 * ℓ = ½‖y − A x_T‖², x_T after T layers of FISTA with two-sided threshold b = α w; gradients backwards through all layers,
 * or through the last `tracked` ones.
 */
export function referenceAutoencoder(
  y: Float64Array,
  a: Float64Array,
  atoms: number,
  options: {
    readonly weight: number;
    readonly step: number;
    readonly layers: number;
    readonly tracked?: number;
    readonly momentum: boolean;
  },
): Reference {
  const { weight, step, layers, momentum } = options;
  const features = y.length;
  const b = step * weight;
  const beta = momentum ? nesterov(layers) : new Float64Array(layers);
  const apply = (x: Float64Array) =>
    Float64Array.from({ length: features }, (_, i) =>
      x.reduce((sum, value, j) => sum + a[i * atoms + j]! * value, 0),
    );
  const adjoint = (r: Float64Array) =>
    Float64Array.from({ length: atoms }, (_, j) =>
      r.reduce((sum, value, i) => sum + a[i * atoms + j]! * value, 0),
    );
  const minus = (p: Float64Array, q: Float64Array) => p.map((value, i) => value - q[i]!);

  const zs: Float64Array[] = [];
  const cs: Float64Array[] = [];
  const rs: Float64Array[] = [];
  let x = new Float64Array(atoms);
  let z = new Float64Array(atoms);
  for (let t = 0; t < layers; t++) {
    const r = minus(y, apply(z));
    const pull = adjoint(r);
    const c = z.map((value, j) => value + step * pull[j]!);
    const next = c.map((value) => Math.sign(value) * Math.max(Math.abs(value) - b, 0));
    zs.push(z);
    cs.push(c);
    rs.push(r);
    z = next.map((value, j) => value + beta[t]! * (value - x[j]!));
    x = next;
  }
  const r = minus(y, apply(x));
  const operator = new Float64Array(features * atoms);
  const outer = (p: Float64Array, q: Float64Array, scale: number) => {
    for (let i = 0; i < features; i++)
      for (let j = 0; j < atoms; j++) operator[i * atoms + j]! += scale * p[i]! * q[j]!;
  };
  outer(r, x, -1);
  let threshold = 0;
  let u = adjoint(r).map((value) => -value);
  let before = new Float64Array(atoms);
  for (let t = layers - 1; t >= layers - (options.tracked ?? layers); t--) {
    const g = u.map((value, j) => (Math.abs(cs[t]![j]!) > b ? value : 0));
    threshold -= g.reduce((sum, value, j) => sum + Math.sign(cs[t]![j]!) * value, 0);
    const ag = apply(g);
    outer(rs[t]!, g, step);
    outer(ag, zs[t]!, -step);
    const back = adjoint(ag);
    const w = g.map((value, j) => value - step * back[j]!);
    const betaBefore = t > 0 ? beta[t - 1]! : 0;
    u = before.map((value, j) => value + (1 + betaBefore) * w[j]!);
    before = w.map((value) => -betaBefore * value);
  }
  return {
    code: x,
    loss: 0.5 * r.reduce((sum, value) => sum + value * value, 0),
    operator,
    weight: step * threshold,
  };
}
