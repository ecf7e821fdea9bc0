import * as tf from '@tensorflow/tfjs-core';
import { analysis1d, matMul, synthesis1d, withoutGradient } from '@unrolled/backend';
import {
  type Iteration,
  type Likelihood,
  type Named,
  type Network,
  type Operator,
  type Prior,
  problemParameters,
  problemWith,
  random,
  requirePositive,
  requireRank,
} from '@unrolled/contracts';

// Right subjects, as short as they can be: the wrong ones of the tests differ from these in one thing each.

/** Whatever `change` gives for a part, it gives for the part around other tensors too: a wrong part stays wrong. */
export function altered<P extends { with(parameters: Named): P }>(
  part: P,
  change: (part: P) => Partial<P>,
): P {
  return { ...part, with: (parameters) => altered(part.with(parameters), change), ...change(part) };
}

export function normalTensor(shape: number[], seed: number, deviation = 1): tf.Tensor {
  const source = random(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => source.normal(0, deviation)),
    shape,
  );
}

/** Σ over all axes but the first. */
export function perExample(x: tf.Tensor): tf.Tensor {
  return tf.sum(
    x,
    x.shape.slice(1).map((_, axis) => axis + 1),
  );
}

/** The squared Frobenius norm of a matrix with orthonormal rows scaled by s is no bound worth having: ask the matrix. */
async function squaredNorm(matrix: tf.Tensor): Promise<number> {
  const [rows, columns] = matrix.shape as [number, number];
  const entries = await matrix.data();
  let x = new Float64Array(columns).fill(1);
  let gain = 0;
  for (let turn = 0; turn < 500; turn++) {
    const next = new Float64Array(columns);
    for (let row = 0; row < rows; row++) {
      let product = 0;
      for (let column = 0; column < columns; column++)
        product += entries[row * columns + column]! * x[column]!;
      for (let column = 0; column < columns; column++)
        next[column]! += entries[row * columns + column]! * product;
    }
    gain = Math.hypot(...next) / Math.hypot(...x);
    const size = Math.hypot(...next);
    x = next.map((value) => value / size);
  }
  return gain * (1 + 1e-6);
}

export function dense(atoms: tf.Tensor): Operator<'atoms'> {
  const [features, columns] = atoms.shape as [number, number];
  return {
    name: 'dense',
    parameters: { atoms },
    codeSize: columns,
    apply: (x) => matMul(x as tf.Tensor2D, atoms as tf.Tensor2D, { transposeB: true }),
    adjoint: (y) => matMul(y as tf.Tensor2D, atoms as tf.Tensor2D),
    codeShape: (shape) => {
      if (shape.length !== 2 || shape[1] !== features)
        throw new Error(`[batch, ${features}], got [${shape}]`);
      return [shape[0]!, columns];
    },
    lipschitz: () => squaredNorm(atoms),
    with: (parameters) => dense(parameters.atoms),
  };
}

export function convolution(filters: tf.Tensor): Operator<'filters'> {
  const [time, , atoms] = filters.shape as [number, number, number];
  const kernel = filters as tf.Tensor3D;
  return {
    name: 'convolution',
    parameters: { filters },
    apply: (x) => synthesis1d(x as tf.Tensor3D, kernel),
    adjoint: (y) => analysis1d(y as tf.Tensor3D, kernel),
    codeShape: (shape) => {
      if (shape.length !== 3) throw new Error(`[batch, time, channels], got [${shape}]`);
      return [shape[0]!, shape[1]! - time + 1, atoms];
    },
    async lipschitz() {
      // Young: ‖A‖² ≤ (Σ over atoms of) ‖h‖₁², loose but true.
      const values = Float32Array.from(await filters.data());
      let sum = 0;
      for (let atom = 0; atom < atoms; atom++) {
        sum += values.filter((_, i) => i % atoms === atom).reduce((a, b) => a + Math.abs(b), 0) ** 2;
      }
      return sum;
    },
    with: (parameters) => convolution(parameters.filters),
  };
}

export function softThreshold(weight: tf.Tensor): Prior<'weight'> {
  const threshold = (v: tf.Tensor, t: tf.Tensor) =>
    tf.tidy(() => tf.sub(tf.relu(tf.sub(v, t)), tf.relu(tf.sub(tf.neg(v), t))));
  return {
    name: 'l1',
    convex: true,
    parameters: { weight },
    value: (x) => tf.tidy(() => perExample(tf.mul(tf.abs(x), weight))),
    prox(v, step) {
      if (typeof step === 'number') requirePositive('step', step);
      return tf.tidy(() => threshold(v, tf.mul(weight, step)));
    },
    violation: (x, gradient) =>
      tf.tidy(() =>
        tf.where(
          tf.equal(x, 0),
          tf.relu(tf.sub(tf.abs(gradient), weight)),
          tf.abs(tf.add(gradient, tf.mul(tf.sign(x), weight))),
        ),
      ),
    dualScale: (c) => tf.tidy(() => tf.minimum(1, tf.min(tf.div(weight, tf.maximum(tf.abs(c), 1e-30)), [1]))),
    with: (parameters) => softThreshold(parameters.weight),
  };
}

/** Nearest point of the unit ball of every example, without parameters: an indicator. */
export function unitBall(): Prior<never> {
  const lengths = (x: tf.Tensor) => tf.sqrt(tf.sum(tf.square(x), [1], true));
  return {
    name: 'unit ball',
    convex: true,
    parameters: {},
    value: (x) =>
      tf.tidy(() =>
        tf.where(tf.lessEqual(tf.squeeze(lengths(x), [1]), 1 + 1e-5), 0, Number.POSITIVE_INFINITY),
      ),
    prox(v, step) {
      if (typeof step === 'number') requirePositive('step', step);
      return tf.tidy(() => tf.div(v, tf.maximum(lengths(v), 1)));
    },
    with: () => unitBall(),
  };
}

/** Hard threshold: Φ(x) = weight · #(x ≠ 0), not convex. */
export function hardThreshold(weight: tf.Tensor): Prior<'weight'> {
  return {
    name: 'l0',
    convex: false,
    parameters: { weight },
    value: (x) => tf.tidy(() => perExample(tf.mul(tf.cast(tf.notEqual(x, 0), 'float32'), weight))),
    prox(v, step) {
      if (typeof step === 'number') requirePositive('step', step);
      // A comparison has no gradient in tfjs; a step function has the gradient 0.
      return tf.tidy(() => tf.mul(v, tf.step(tf.sub(tf.square(v), tf.mul(2, tf.mul(weight, step))))));
    },
    with: (parameters) => hardThreshold(parameters.weight),
  };
}

export function gaussian(): Likelihood<'gaussian', never> {
  const halfSquare = (x: tf.Tensor) => tf.div(tf.square(x), 2);
  return {
    family: 'gaussian',
    exactResidual: true,
    curvature: 1,
    parameters: {},
    mean: (eta) => tf.clone(eta),
    variance: (eta) => tf.onesLike(eta),
    logPartition: (eta) => tf.tidy(() => halfSquare(eta)),
    negLogLik: (y, eta) => tf.tidy(() => perExample(tf.sub(halfSquare(eta), tf.mul(y, eta)))),
    residual: (y, eta) => tf.sub(y, eta),
    deviance: (y, eta) => tf.tidy(() => perExample(tf.square(tf.sub(y, eta)))),
    async sample(eta, source) {
      const values = Float32Array.from(await eta.data(), (mean) => source.normal(mean, 1));
      return tf.tensor(values, eta.shape);
    },
    dualValue: (y, theta) => tf.tidy(() => perExample(tf.neg(halfSquare(tf.sub(y, theta))))),
    with: () => gaussian(),
  };
}

/** Counts with a baseline of their own: η + a is the logarithm of the rate. */
export function poisson(baseline: tf.Tensor): Likelihood<'poisson', 'baseline'> {
  // No sensible rate is above e²⁰, and exp overflows at e⁸⁹.
  const rate = (eta: tf.Tensor) => tf.exp(tf.clipByValue(tf.add(eta, baseline), -100, 20));
  return {
    family: 'poisson',
    exactResidual: true,
    curvature: Number.POSITIVE_INFINITY,
    parameters: { baseline },
    mean: (eta) => tf.tidy(() => rate(eta)),
    variance: (eta) => tf.tidy(() => rate(eta)),
    logPartition: (eta) => tf.tidy(() => rate(eta)),
    negLogLik: (y, eta) => tf.tidy(() => perExample(tf.sub(rate(eta), tf.mul(y, tf.add(eta, baseline))))),
    residual: (y, eta) => tf.tidy(() => tf.sub(y, rate(eta))),
    deviance: (y, eta) =>
      tf.tidy(() => {
        const mean = rate(eta);
        const ratio = tf.sub(tf.log(tf.maximum(y, 1e-30)), tf.add(eta, baseline));
        return tf.mul(2, perExample(tf.relu(tf.add(tf.sub(tf.mul(y, ratio), y), mean))));
      }),
    async sample(eta, source) {
      const rates = tf.tidy(() => rate(eta));
      const values = Float32Array.from(await rates.data(), (mean) => source.poisson(mean));
      rates.dispose();
      return tf.tensor(values, eta.shape);
    },
    with: (parameters) => poisson(parameters.baseline),
  };
}

/** Iterative soft thresholding, for any prior. */
export function ista(problem: Iteration['problem']): Iteration<string, 'x'> {
  const stepOf = async (operator: Operator) =>
    tf.scalar(1 / ((await operator.lipschitz()) * problem.likelihood.curvature));
  return {
    name: 'ista',
    problem,
    async parameters() {
      const lent: Named = problemParameters(problem);
      const fresh = Object.fromEntries(
        Object.entries(lent).map(([name, tensor]) => [name, tf.clone(tensor)]),
      );
      return { ...fresh, step: await stepOf(problem.operator) };
    },
    async refresh(parameters) {
      return { step: await stepOf(problemWith(problem, parameters).operator) };
    },
    bind(parameters, y) {
      requireRank('y', y, 2, '[batch, features]');
      const { operator, prior, likelihood } = problemWith(problem, parameters);
      return {
        start: () => ({ x: tf.zeros(operator.codeShape(y.shape)) }),
        step: ({ x }) => ({
          x: tf.tidy(() => {
            const ascent = operator.adjoint(likelihood.residual(y, operator.apply(x)));
            return prior.prox(tf.add(x, tf.mul(ascent, parameters['step']!)), parameters['step']!);
          }),
        }),
      };
    },
    code: ({ x }) => x,
    decoder: (parameters) => problemWith(problem, parameters).operator,
  };
}

/** An iteration stacked, one copy of its parameters for all layers, those of the operator trained. */
export function stacked(iteration: Iteration, parameters: Named, layers: number): Network {
  const variables = Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [
      name,
      tf.variable(tensor, name.startsWith('operator.')),
    ]),
  );
  const requireAlive = () => {
    if (Object.values(variables).some((variable) => variable.isDisposed)) throw new Error('disposed of');
  };
  const run = (y: tf.Tensor, from: number, to: number, state?: Named): Named => {
    const layer = iteration.bind(variables, y);
    let current = state ?? layer.start();
    for (let t = from; t <= to; t++) current = layer.step(current, t);
    return current;
  };
  return {
    layers,
    variables,
    trainable: Object.values(variables).filter(({ trainable }) => trainable),
    parameters(layer) {
      if (layer < 1 || layer > layers) throw new Error(`layer ${layer}`);
      return variables;
    },
    encode(y, { gradient = 'full' } = {}) {
      requireAlive();
      const last = typeof gradient === 'object' && 'last' in gradient ? gradient.last : layers;
      return tf.tidy(() => {
        const detached = last < layers ? withoutGradient(() => run(y, 1, layers - last)) : undefined;
        return tf.clone(iteration.code(run(y, layers - last + 1, layers, detached)));
      });
    },
    decode: (x) => iteration.decoder(variables).apply(x),
    problem: () => problemWith(iteration.problem, variables),
    constrain() {},
    async refresh() {
      const derived = await iteration.refresh?.(variables);
      for (const [name, tensor] of Object.entries(derived ?? {})) {
        variables[name]!.assign(tensor!);
        tensor!.dispose();
      }
    },
    dispose() {
      for (const variable of Object.values(variables)) if (!variable.isDisposed) variable.dispose();
    },
  };
}
