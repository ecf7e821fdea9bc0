import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '@unrolled/backend';
import type { Named } from '@unrolled/contracts';
import { type Pass, runLayers } from '../forward.ts';

/**
 * The code with gradients through the last k layers alone: the state before them is a constant.
 *
 * k = 0 is the gradient of alternating minimisation, which sees the decoder only; k = T is the full one. At a fixed point it is the
 * k-term Neumann sum of the implicit gradient, so what is left out decays geometrically in k.
 *
 * @see Tolooshams & Ba 2022, "Stable and interpretable unrolled dictionary learning", section 4
 */
export function encodeTruncated<N extends string, S extends string>(pass: Pass<N, S>, last: number): Tensor {
  const { iteration, layers } = pass;
  const tracked = Math.min(last, layers);
  if (tracked === layers) return tf.clone(iteration.code(runLayers(pass, 0, layers)));
  const before = withoutGradient(
    () => runLayers(pass, 0, layers - tracked) as Record<string, Tensor>,
  ) as Named<S>;
  return tf.clone(iteration.code(tracked === 0 ? before : runLayers(pass, layers - tracked, layers, before)));
}
