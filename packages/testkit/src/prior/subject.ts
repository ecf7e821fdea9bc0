import * as tf from '@tensorflow/tfjs-core';
import type { Prior, Random } from '@unrolled/contracts';
import type { Subject } from '../conform.ts';
import { type HostTensor, normalValues, read } from '../shared/host.ts';
import { type Kind, type Operation, withInputs } from '../shared/operation.ts';

/** A prior to be examined. One with `bind` is given bound. */
export interface PriorSubject extends Subject {
  readonly prior: Prior;
  /** The shape of a code, batch first: `[2, 6]`, `[2, 10, 3]`. A batch of at least 2 and few numbers are best. */
  readonly codeShape: readonly number[];
  /** Standard deviation of the codes to try it on: they should fall on both sides of its kinks. Default 1. */
  readonly scale?: number;
}

export function drawCode({ codeShape, scale = 1 }: PriorSubject, random: Random): HostTensor {
  return normalValues(codeShape, random, scale);
}

export const scalar = (value: number): HostTensor => ({ shape: [], values: Float32Array.of(value) });

export function proxOf(prior: Prior, v: HostTensor, step: number): Promise<HostTensor> {
  return withInputs({ v }, (tensors) => read(() => prior.prox(tensors['v']!, step)));
}

/** Φ(x) of every example. */
export function penaltyOf(prior: Prior, x: HostTensor): Promise<HostTensor> {
  return withInputs({ x }, (tensors) => read(() => prior.value(tensors['x']!)));
}

/** The shrinkage of v, as whoever computes it entry by entry does. Leaves nothing behind. */
export function shrunk(prior: Prior, v: tf.Tensor, step: number | tf.Tensor): tf.Tensor {
  const rows = prior.shrinkage!(step);
  const { below, above, slope } = rows;
  const result = tf.tidy(() =>
    tf.mul(slope, tf.sub(tf.relu(tf.sub(v, above)), tf.relu(tf.sub(tf.neg(v), below)))),
  );
  tf.dispose({ ...rows });
  return result;
}

export const priorKind: Kind<PriorSubject, Prior> = {
  part: ({ prior }) => prior,
  async operations(subject, random) {
    const { prior } = subject;
    const v = drawCode(subject, random);
    // A point of the domain, off the kinks of a norm where the prior allows it.
    const x = await proxOf(prior, drawCode(subject, random), 0.5);
    const operations: Operation<Prior>[] = [
      {
        name: 'prox(v, step)',
        inputs: { v, step: scalar(0.7) },
        run: (part, inputs) => part.prox(inputs['v']!, inputs['step']!),
        differentiable: true,
      },
      {
        name: 'prox(v, 0.7)',
        inputs: { v },
        run: (part, inputs) => part.prox(inputs['v']!, 0.7),
      },
      {
        name: 'value(x)',
        inputs: { x },
        run: (part, inputs) => part.value(inputs['x']!),
        extended: true,
      },
    ];
    if (prior.shrinkage) {
      operations.push({
        name: 'shrinkage(step) of v',
        inputs: { v, step: scalar(0.7) },
        run: (part, inputs) => shrunk(part, inputs['v']!, inputs['step']!),
        differentiable: true,
      });
    }
    if (prior.violation) {
      operations.push({
        name: 'violation(x, gradient)',
        inputs: { x, gradient: v },
        run: (part, inputs) =>
          part.violation?.(inputs['x']!, inputs['gradient']!) ?? tf.zerosLike(inputs['x']!),
      });
    }
    if (prior.dualScale) {
      operations.push({
        name: 'dualScale(c)',
        inputs: { c: v },
        run: (part, inputs) => part.dualScale?.(inputs['c']!) ?? tf.ones([v.shape[0]!]),
      });
    }
    return operations;
  },
};
