import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { customGradient, vectorJacobianProduct, withoutGradient } from '@unrolled/backend';
import { type Named, UnrolledError } from '@unrolled/contracts';
import { relativeChanges } from '@unrolled/solvers';
import { type Pass, runLayers } from '../forward.ts';
import { bicgstab } from './bicgstab.ts';
import { pack, unpack } from './packed-state.ts';

/** What the implicit gradient is solved to, and what counts as converged. */
export interface ImplicitOptions {
  /** The linear system is solved to this relative residual. Default 1e-5. */
  readonly tolerance?: number;
  /** BiCGSTAB iterations at most; default 200. */
  readonly iterations?: number;
  /** The state has converged where one more step moves it by at most this much of its norm, in every example. Default 1e-3. */
  readonly residual?: number;
}

/**
 * The code with the gradient of the fixed point s = F(s; θ) by the implicit function theorem: with w from
 *
 *     (I − ∂F/∂s)ᵀ w = ∂(code)ᵀ dy
 *
 * the gradient is ∂F/∂θᵀ w. Memory does not depend on the number of layers; the linear system is solved by BiCGSTAB over the
 * whole state. Reads scalars on the host, which a WebGPU backend in Node cannot do within a gradient.
 *
 * @throws NOT_CONVERGED where one more layer still moves the state, or the linear system was not solved: the gradient would
 *   silently be wrong
 * @see Bai, Kolter & Koltun 2019, "Deep equilibrium models", theorem 1
 */
export function encodeImplicit<N extends string, S extends string>(
  pass: Pass<N, S>,
  options: ImplicitOptions,
): Tensor {
  const { tolerance = 1e-5, iterations = 200, residual = 1e-3 } = options;
  const { iteration, layers, y } = pass;
  const fixed = withoutGradient(() => runLayers(pass, 0, layers) as Record<string, Tensor>) as Named<S>;
  const stateNames = Object.keys(fixed) as S[];
  const parameters = pass.parametersAt(layers);
  const parameterNames = Object.keys(parameters) as N[];
  const named = <K extends string>(names: readonly K[], tensors: readonly Tensor[]): Named<K> =>
    Object.fromEntries(names.map((name, index) => [name, tensors[index]!])) as unknown as Named<K>;

  /** One step from this state with these inputs (parameters, then y). */
  const step = (inputs: readonly Tensor[], state: readonly Tensor[]): Tensor[] => {
    const layer = iteration.bind(named(parameterNames, inputs), inputs[parameterNames.length]!);
    const next = layer.step(named(stateNames, state), layers + 1);
    return stateNames.map((name) => next[name]);
  };
  const inputs = [...parameterNames.map((name) => parameters[name]), y];
  const state = stateNames.map((name) => fixed[name]);
  requireConverged(state, () => step(inputs, state), residual);

  const [code] = customGradient(
    inputs,
    (save) => {
      save(...inputs, ...state);
      return [tf.clone(iteration.code(fixed))];
    },
    ([dy], saved) => {
      const ins = saved.slice(0, inputs.length);
      const at = saved.slice(inputs.length);
      const seed = pack(
        vectorJacobianProduct(() => [tf.clone(iteration.code(named(stateNames, at)))], at, [dy!]),
      );
      const transposed = (w: Tensor): Tensor =>
        tf.tidy(() => tf.sub(w, pack(vectorJacobianProduct(() => step(ins, at), at, unpack(w, at)))));
      const solution = bicgstab(transposed, seed, { tolerance, iterations });
      if (!(solution.residual <= tolerance)) {
        throw new UnrolledError(
          'NOT_CONVERGED',
          `gradient.implicit: the linear system has a residual of ${solution.residual.toExponential(1)} after ` +
            `${solution.products} products, expected at most ${tolerance}; raise iterations or tolerance`,
        );
      }
      return vectorJacobianProduct(() => step(ins, at), ins, unpack(solution.x, at));
    },
  );
  return code!;
}

function requireConverged(state: readonly Tensor[], step: () => Tensor[], tolerance: number): void {
  // Example by example: one that has not converged must not hide among many that have.
  const rows = (tensors: readonly Tensor[]): Tensor =>
    tf.concat(
      tensors.map((tensor) => tf.reshape(tensor, [tensor.shape[0]!, -1])),
      1,
    );
  const change = withoutGradient(() => tf.max(relativeChanges(rows(step()), rows(state))));
  const relative = change.dataSync()[0]!;
  change.dispose();
  if (relative > tolerance || Number.isNaN(relative)) {
    throw new UnrolledError(
      'NOT_CONVERGED',
      `gradient.implicit: one more layer moves the state by ${relative.toExponential(1)} of its norm, expected at most ` +
        `${tolerance}; add layers, or use { last: k }`,
    );
  }
}
