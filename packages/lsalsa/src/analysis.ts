import { requireShape } from '@unrolled/contracts';
import { type NdArray, ndArray } from '@unrolled/formats';
import { type Symmetric, symmetricEigen } from '@unrolled/operators';
import type { Lsalsa } from './lsalsa.ts';

/** The curvature of a quadratic function: its least and largest second derivatives. */
export interface Curvature {
  /** β, the modulus of (strong) convexity. */
  readonly convexity: number;
  /** The Lipschitz constant of the gradient. */
  readonly smoothness: number;
}

/** Where a state of SALSA stands, of one example, on the host. */
export interface HostState {
  readonly y: ArrayLike<number>;
  readonly x: ArrayLike<number>;
  readonly u: ArrayLike<number>;
  readonly d: ArrayLike<number>;
}

/** The cost that a trained network descends on, beside that of SALSA. */
export interface LearnedCost {
  readonly penalty: number;
  /** S⁻¹ − μI `[atoms, atoms]`: what stands in place of AᵀA. */
  readonly quadratic: NdArray<'float64'>;
  /** P = S⁻¹ − (μI + AᵀA) `[atoms, atoms]`: what learning has changed the Hessian by. Zero until then. */
  readonly correction: NdArray<'float64'>;
  /** ‖P‖ / ‖μI + AᵀA‖, Frobenius. */
  readonly change: number;
  /** ‖S − Sᵀ‖ / ‖S‖: the theory is for a symmetric S, and what is said here is of its symmetric part. */
  readonly asymmetry: number;
  /** S is positive definite: the x-update minimises the learned cost. Where it is not, `learned` has a negative convexity. */
  readonly definite: boolean;
  /** Of the augmented Lagrangian in x: learned, with the Hessian S⁻¹, and classical, with μI + AᵀA. */
  readonly curvature: { readonly learned: Curvature; readonly classical: Curvature };
  /** Gradients in x of the learned augmented Lagrangian and of the classical one. */
  gradients(state: HostState): { readonly learned: Float64Array; readonly classical: Float64Array };
}

/**
 * The learned cost of the paper's section 5: a network's x-update is the exact minimum over x of
 *
 *     L̂(x, u; d) = ½ xᵀ(S⁻¹ − μI)x − xᵀ W_e y + Σ_i α_i ‖u_i‖₁ + (μ/2) ‖x − u + d‖²
 *
 * which is the augmented Lagrangian of SALSA (up to ½‖y‖²) where S and W_e are the exact ones. A step on it is a step on the original
 * with another direction: ∇L̂ = ∇L + P x + (Aᵀ − W_e) y, P = S⁻¹ − (μI + AᵀA). The larger the learned modulus of convexity beside the
 * classical one, the faster.
 *
 * In float64 on the host, by an eigendecomposition: a second for a hundred atoms, a minute for five hundred.
 *
 * @param network one of `lsalsa`, or `unroll` of `salsa` in its matrix form; read, not changed
 * @example
 * const { curvature, change } = await analysis(network);
 * console.log(curvature.learned.convexity / curvature.classical.convexity, change);
 * @see Cowen, Saridena & Choromanska 2019, Theorem 1, (16) to (20)
 */
export async function analysis(network: Lsalsa): Promise<LearnedCost> {
  const parameters = network.parameters(network.layers);
  const [s, w, [penalty]] = await Promise.all([
    parameters['splitting']!.data(),
    parameters['analysis']!.data(),
    parameters['penalty']!.data(),
  ]);
  const mu = penalty!;
  const [atoms, features] = parameters['analysis']!.shape as [number, number];
  const matrix = await network.problem().operator.matrix();
  const a = await matrix.data();
  matrix.dispose();

  const symmetric = new Float64Array(atoms * atoms);
  let [skew, size] = [0, 0];
  for (let i = 0; i < atoms; i++) {
    for (let j = 0; j < atoms; j++) {
      const [one, other] = [s[i * atoms + j]!, s[j * atoms + i]!];
      symmetric[i * atoms + j] = (one + other) / 2;
      skew += (one - other) ** 2;
      size += one ** 2;
    }
  }
  const inverse = invert({ size: atoms, values: symmetric });
  const gram = gramOf(a, features, atoms);
  const quadratic = inverse.values.map((value, at) => value - (at % (atoms + 1) === 0 ? mu : 0));
  const correction = quadratic.map((value, at) => value - gram[at]!);
  const hessian = gram.map((value, at) => value + (at % (atoms + 1) === 0 ? mu : 0));
  const eigenvalues = symmetricEigen({ size: atoms, values: gram }).values;
  return Object.freeze({
    penalty: mu,
    quadratic: ndArray(quadratic, [atoms, atoms]),
    correction: ndArray(correction, [atoms, atoms]),
    change: norm(correction) / norm(hessian),
    asymmetry: Math.sqrt(skew / size),
    definite: inverse.curvature.convexity > 0,
    curvature: {
      learned: inverse.curvature,
      // The smallest may come out slightly negative.
      classical: {
        convexity: mu + Math.max(Math.min(...eigenvalues), 0),
        smoothness: mu + Math.max(...eigenvalues),
      },
    },
    gradients: ({ y, x, u, d }: HostState) => {
      for (const [name, given] of Object.entries({ x, u, d }))
        requireShape(name, [given.length], [atoms], 'a code of one example');
      requireShape('y', [y.length], [features], 'a signal of one example');
      const learned = times(quadratic, atoms, x);
      const classical = times(gram, atoms, x);
      for (let j = 0; j < atoms; j++) {
        const coupling = mu * (x[j]! - u[j]! + d[j]!);
        learned[j]! += coupling;
        classical[j]! += coupling;
        for (let k = 0; k < features; k++) {
          learned[j]! -= w[j * features + k]! * y[k]!;
          classical[j]! -= a[k * atoms + j]! * y[k]!;
        }
      }
      return { learned, classical };
    },
  });
}

/** The inverse of a symmetric matrix, and its own least and largest eigenvalues. */
function invert(matrix: Symmetric): { readonly values: Float64Array; readonly curvature: Curvature } {
  const { size } = matrix;
  const { values, vectors } = symmetricEigen(matrix);
  const inverse = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < size; i++) {
      const scaled = vectors[k * size + i]! / values[k]!;
      for (let j = 0; j < size; j++) inverse[i * size + j]! += scaled * vectors[k * size + j]!;
    }
  }
  const curvatures = values.map((value) => 1 / value);
  return {
    values: inverse,
    curvature: { convexity: Math.min(...curvatures), smoothness: Math.max(...curvatures) },
  };
}

function gramOf(a: ArrayLike<number>, features: number, atoms: number): Float64Array {
  const gram = new Float64Array(atoms * atoms);
  for (let k = 0; k < features; k++) {
    for (let i = 0; i < atoms; i++) {
      const value = a[k * atoms + i]!;
      for (let j = 0; j < atoms; j++) gram[i * atoms + j]! += value * a[k * atoms + j]!;
    }
  }
  return gram;
}

function times(matrix: Float64Array, size: number, x: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += matrix[i * size + j]! * x[j]!;
    return sum;
  });
}

const norm = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
