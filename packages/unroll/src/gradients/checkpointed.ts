import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { customGradient, vectorJacobianProduct } from '@unrolled/backend';
import type { Named } from '@unrolled/contracts';
import { type Pass, runLayers } from '../forward.ts';

/**
 * The code with the full gradient at a fraction of its memory: the tape keeps the state at the end of every segment of k layers, and the
 * layers within are computed again on the way back. Memory is T/k states and the inside of one segment: least near k = √T.
 *
 * @see Griewank & Walther 2000, "Algorithm 799: revolve"; Chen et al. 2016, "Training deep nets with sublinear memory cost"
 */
export function encodeCheckpointed<N extends string, S extends string>(
  pass: Pass<N, S>,
  length: number,
): Tensor {
  const { iteration, layers, y } = pass;
  let state = iteration.bind(pass.parametersAt(1), y).start();
  for (let from = 0; from < layers; from += length) {
    state = segment(pass, from, Math.min(layers, from + length), state);
  }
  return tf.clone(iteration.code(state));
}

/** Layers from + 1 … to as one node of the tape. */
function segment<N extends string, S extends string>(
  pass: Pass<N, S>,
  from: number,
  to: number,
  state: Named<S>,
): Named<S> {
  const stateNames = Object.keys(state) as S[];
  const parameters = distinctParameters(pass, from, to);
  const inputs = [...stateNames.map((name) => state[name]), ...parameters, pass.y];

  /** The same layers with these tensors in place of the inputs. */
  const run = (tensors: readonly Tensor[]): Tensor[] => {
    const substitute = new Map(
      parameters.map((tensor, index) => [tensor, tensors[stateNames.length + index]!]),
    );
    const substituted: Pass<N, S> = {
      ...pass,
      y: tensors[tensors.length - 1]!,
      parametersAt: (layer) =>
        Object.fromEntries(
          Object.entries<Tensor>(pass.parametersAt(layer)).map(([name, tensor]) => [
            name,
            substitute.get(tensor)!,
          ]),
        ) as unknown as Named<N>,
    };
    const start = Object.fromEntries(
      stateNames.map((name, index) => [name, tensors[index]!]),
    ) as unknown as Named<S>;
    const end = runLayers(substituted, from, to, start);
    return stateNames.map((name) => end[name]);
  };

  const outputs = customGradient(
    inputs,
    (save) => {
      save(...inputs);
      return run(inputs);
    },
    (dys, saved) => vectorJacobianProduct(() => run(saved), saved, dys),
  );
  return Object.fromEntries(stateNames.map((name, index) => [name, outputs[index]!])) as unknown as Named<S>;
}

/** The parameter tensors of layers from + 1 … to, each once. */
function distinctParameters<N extends string>(pass: Pass<N>, from: number, to: number): Tensor[] {
  const distinct = new Set<Tensor>();
  for (let layer = from + 1; layer <= to; layer++)
    for (const tensor of Object.values<Tensor>(pass.parametersAt(layer))) distinct.add(tensor);
  return [...distinct];
}
