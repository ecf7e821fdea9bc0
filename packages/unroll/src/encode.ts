import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Gradient,
  refuse,
  requireInteger,
  requireKnownOptions,
  requirePositive,
} from '@unrolled/contracts';
import type { Pass } from './forward.ts';
import { encodeCheckpointed } from './gradients/checkpointed.ts';
import { encodeImplicit } from './gradients/implicit.ts';
import { encodeTruncated } from './gradients/truncated.ts';

/** The code of a pass, with the gradient that was asked for. A fresh tensor; everything else is disposed of. */
export function encode<N extends string, S extends string>(pass: Pass<N, S>, gradient: Gradient): Tensor {
  return tf.tidy(() => {
    if (gradient === 'full') return encodeTruncated(pass, pass.layers);
    if ('last' in gradient) return encodeTruncated(pass, gradient.last);
    if ('checkpoint' in gradient) return encodeCheckpointed(pass, gradient.checkpoint);
    return encodeImplicit(pass, gradient.implicit);
  });
}

/** Refuses a gradient mode that is none, or that this network cannot have. */
export function requireGradient(gradient: Gradient, shared: boolean): Gradient {
  if (gradient === 'full') return gradient;
  if (gradient === null || typeof gradient !== 'object' || Object.keys(gradient).length !== 1) {
    return refuse('gradient', gradient, "'full', { last }, { checkpoint } or { implicit }");
  }
  requireKnownOptions('gradient', gradient, ['last', 'checkpoint', 'implicit']);
  if ('last' in gradient) requireInteger('gradient.last', gradient.last, 0);
  if ('checkpoint' in gradient) requireInteger('gradient.checkpoint', gradient.checkpoint);
  if ('implicit' in gradient) {
    requireKnownOptions('gradient.implicit', gradient.implicit, ['tolerance', 'iterations', 'residual']);
    const { tolerance, iterations, residual } = gradient.implicit;
    if (tolerance !== undefined) requirePositive('gradient.implicit.tolerance', tolerance);
    if (iterations !== undefined) requireInteger('gradient.implicit.iterations', iterations);
    if (residual !== undefined) requirePositive('gradient.implicit.residual', residual);
    if (!shared)
      refuse(
        'gradient',
        'implicit',
        "another mode: with share: 'each' the layers have no common fixed point",
      );
  }
  return gradient;
}
