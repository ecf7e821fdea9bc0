import { random } from '@unrolled/contracts';

/** A lasso of one example on the host in float64: min ½‖y − D x‖² + weight·‖x‖₁, D row-major [features, atoms]. */
export interface Lasso {
  readonly atoms: Float32Array;
  readonly features: number;
  readonly count: number;
  readonly y: Float32Array;
  readonly weight: number;
}

/** Unit-norm random atoms and signals made of three of them and a little noise, rounded to float32. */
export function drawLasso(features: number, count: number, batch: number, seed = 3) {
  const generator = random(seed);
  const raw = Float64Array.from({ length: features * count }, () => generator.normal());
  const norms = Float64Array.from({ length: count }, (_, j) =>
    Math.sqrt(Array.from({ length: features }, (_, i) => raw[i * count + j]! ** 2).reduce((a, b) => a + b)),
  );
  const atoms = Float32Array.from(raw, (value, index) => value / norms[index % count]!);
  const y = Float32Array.from({ length: batch * features }, () => 0.05 * generator.normal());
  for (let b = 0; b < batch; b++) {
    for (const amplitude of [2, -1.5, 1]) {
      const j = generator.integer(count);
      for (let i = 0; i < features; i++) y[b * features + i]! += amplitude * atoms[i * count + j]!;
    }
  }
  return { atoms, y, features, count, batch };
}

/** D x − y, or D x where there is no y. */
export function synthesis({ atoms, features, count }: Lasso, x: ArrayLike<number>): Float64Array {
  const eta = new Float64Array(features);
  for (let i = 0; i < features; i++) for (let j = 0; j < count; j++) eta[i]! += atoms[i * count + j]! * x[j]!;
  return eta;
}

/** Dᵀ (y − D x). */
export function pull(lasso: Lasso, x: ArrayLike<number>): Float64Array {
  const eta = synthesis(lasso, x);
  const correlation = new Float64Array(lasso.count);
  for (let i = 0; i < lasso.features; i++) {
    const residual = lasso.y[i]! - eta[i]!;
    for (let j = 0; j < lasso.count; j++) correlation[j]! += lasso.atoms[i * lasso.count + j]! * residual;
  }
  return correlation;
}

export function objectiveOf(lasso: Lasso, x: ArrayLike<number>): number {
  const eta = synthesis(lasso, x);
  let value = 0;
  for (let i = 0; i < lasso.features; i++) value += 0.5 * (lasso.y[i]! - eta[i]!) ** 2;
  for (let j = 0; j < lasso.count; j++) value += lasso.weight * Math.abs(x[j]!);
  return value;
}

/** The largest distance of Dᵀ r from weight·∂‖x‖₁. */
export function violationOf(lasso: Lasso, x: ArrayLike<number>): number {
  return Math.max(
    ...Array.from(pull(lasso, x), (c, j) =>
      x[j] === 0 ? Math.max(0, Math.abs(c) - lasso.weight) : Math.abs(c - lasso.weight * Math.sign(x[j]!)),
    ),
  );
}

/** σ_max(D)², by 2000 power iterations. */
export function squaredNorm(lasso: Lasso): number {
  const still: Lasso = { ...lasso, y: new Float32Array(lasso.features) };
  let v = Float64Array.from({ length: lasso.count }, (_, j) => 1 + 0.1 * j);
  let size = 0;
  for (let i = 0; i < 2000; i++) {
    const next = pull(still, v);
    size = Math.hypot(...next);
    v = next.map((value) => value / size);
  }
  return size;
}

export interface ReferenceOptions {
  readonly step: number;
  readonly iterations: number;
  /** β of the n-th step since the last restart. */
  readonly momentum: (n: number) => number;
  readonly restart?: 'none' | 'gradient' | 'monotone';
  readonly decay?: (t: number) => number;
}

/** x_1 … x_T, written with arrays and loops, following Beck & Teboulle and O'Donoghue & Candès, not our code. */
export function referenceFista(lasso: Lasso, options: ReferenceOptions): Float64Array[] {
  const { step, iterations, momentum, restart = 'none', decay = () => 1 } = options;
  const iterates: Float64Array[] = [];
  let previous = new Float64Array(lasso.count);
  let z = new Float64Array(lasso.count);
  let since = 0;
  for (let t = 1; t <= iterations; t++) {
    const gradient = pull(lasso, z);
    const threshold = lasso.weight * step * decay(t);
    let x = z.map((value, j) => {
      const v = value + step * gradient[j]!;
      return Math.sign(v) * Math.max(Math.abs(v) - threshold, 0);
    });
    since++;
    const overshot =
      restart === 'gradient'
        ? x.reduce((sum, value, j) => sum + (z[j]! - value) * (value - previous[j]!), 0) > 0
        : restart === 'monotone' && since > 2 && objectiveOf(lasso, x) > objectiveOf(lasso, previous);
    if (overshot) {
      if (restart === 'monotone') x = previous.slice();
      since = 1;
    }
    const beta = overshot ? 0 : momentum(since);
    z = x.map((value, j) => value + beta * (value - previous[j]!));
    previous = x;
    iterates.push(x);
  }
  return iterates;
}

/** The minimum to float64: 3000 steps of FISTA with restarts. */
export function optimumOf(lasso: Lasso): Float64Array {
  const momentum = (n: number) => (n - 1) / (n + 2);
  const step = 1 / (1.0001 * squaredNorm(lasso));
  return referenceFista(lasso, { step, iterations: 3000, momentum, restart: 'gradient' }).at(-1)!;
}
