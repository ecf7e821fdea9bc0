import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Named, UnrolledError } from '@unrolled/contracts';
import { replaceKernel, type TfBackendName } from '@unrolled/wasm-kernels';
import { engine, fresh } from './state.ts';

/** What a kernel takes besides tensors. */
export type Attributes = { readonly [name: string]: number | boolean | string | readonly number[] };

/** Computes the result of a kernel from its inputs. */
export type Forward<N extends string, A extends Attributes> = (inputs: Named<N>, attributes: A) => Tensor;

/** What the gradient with respect to one input is computed from. */
export interface Backward<N extends string, A extends Attributes> {
  /** The gradient of the result. */
  readonly dy: Tensor;
  readonly inputs: Named<N>;
  /** The result; only where the kernel says `savesOutput`. */
  readonly output: Tensor;
  readonly attributes: A;
}

/** A kernel: what it computes, and its gradient with respect to every input. */
export interface KernelDefinition<N extends string, A extends Attributes> {
  /** Its name in tfjs's registry. */
  readonly name: string;
  /** Computes the result, on every backend that has no form of its own. Its temporaries are disposed of. */
  readonly forward: Forward<N, A>;
  /** Forms for single backends, by tfjs's name of the backend. */
  readonly on?: { readonly [backend in TfBackendName]?: Forward<N, A> };
  /** The gradient for every input: computed only where it is needed, in a scope of its own, and itself differentiable. */
  readonly gradients: { readonly [input in N]: (backward: Backward<N, A>) => Tensor };
  /** Keeps the result for the backward pass. */
  readonly savesOutput?: boolean;
}

/** All that tfjs has, those that this package has no provider for included. */
const backendNames: readonly TfBackendName[] = ['cpu', 'wasm', 'webgpu', 'webgl', 'tensorflow'];

const defined = new Set<string>();

/**
 * Registers a kernel of ours with every backend, and gives the op that runs it.
 *
 * A registered kernel is one node of the tape, and its gradients are lazy, one closure an input: a vector-Jacobian product
 * with respect to the state alone does not pay for the gradient of the filters. `tf.customGrad` always computes all of them.
 *
 * @returns the op: from tensors by name, and attributes, to a fresh tensor.
 * @throws UnrolledError EXISTS where this name was defined before.
 *
 * @example
 * const square = defineKernel({
 *   name: 'MySquare',
 *   forward: ({ x }) => tf.mul(x, x),
 *   gradients: { x: ({ dy, inputs }) => tf.mul(dy, tf.mul(2, inputs.x)) },
 * });
 * const y = square({ x });
 */
export function defineKernel<N extends string, A extends Attributes = Record<never, never>>(
  kernel: KernelDefinition<N, A>,
): (inputs: Named<N>, attributes?: A) => Tensor {
  const { name, on = {}, savesOutput = false } = kernel;
  if (defined.has(name)) throw new UnrolledError('EXISTS', `name: the kernel "${name}" is already defined`);
  defined.add(name);

  for (const backendName of backendNames) {
    const forward = on[backendName] ?? kernel.forward;
    replaceKernel(name, backendName, (inputs, attributes) => forward(inputs as Named<N>, attributes as A));
  }
  const inputNames = Object.keys(kernel.gradients) as N[];
  tf.registerGradient({
    kernelName: name,
    inputsToSave: inputNames,
    outputsToSave: [savesOutput],
    gradFunc: (dy, saved, attributes) => {
      const inputs = Object.fromEntries(inputNames.map((input, index) => [input, saved[index]!]));
      const output = saved[inputNames.length]!;
      const backward = { dy, inputs, output, attributes } as unknown as Backward<N, A>;
      const gradient = (input: N) => () =>
        tf.tidy(() => fresh(kernel.gradients[input](backward), [dy as Tensor, ...saved]));
      return Object.fromEntries(inputNames.map((input) => [input, gradient(input)]));
    },
  });
  return (inputs, attributes) => engine().runKernel(name, inputs, attributes ?? {});
}
