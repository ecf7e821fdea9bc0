import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '@unrolled/backend';
import { type Network, type Prior, type Problem, refuse, requireKnownOptions } from '@unrolled/contracts';

/** How many entries pass a layer's shrinkage as they are: the largest min(perLayer · t, most) of layer t. */
export interface SupportSelection {
  /** A fraction of the code in (0, 1], 0.01 say. */
  readonly perLayer: number;
  /** At most this fraction, in (0, 1]. */
  readonly most: number;
}

/**
 * A prior whose prox leaves the largest entries of every example alone, `fraction` of the last axis (a scalar): large entries are trusted
 * to be in the support, and are not shrunk. No penalty has it as its prox; `value` is that of the prior inside.
 *
 * @see Chen, Liu, Wang & Yin 2018, (14)
 */
export function supportSelecting(prior: Prior, fraction: Tensor): Prior {
  return Object.freeze<Prior>({
    name: 'supportSelecting',
    convex: false,
    parameters: Object.freeze({ ...prior.parameters, fraction }),
    value: (x) => prior.value(x),
    prox: (v, step) =>
      tf.tidy(() => {
        const shrunk = prior.prox(v, step);
        return tf.add(shrunk, tf.mul(largest(v, fraction), tf.sub(v, shrunk)));
      }),
    with: ({ fraction: other, ...parameters }) => supportSelecting(prior.with(parameters), other!),
  });
}

/** Larger than any entry, and far from overflowing. */
const beyond = 1e30;

/** 1 at the largest |v| of the last axis, `fraction` of them, else 0. Piecewise constant, so off the tape. */
function largest(v: Tensor, fraction: Tensor): Tensor {
  return withoutGradient(() =>
    tf.tidy(() => {
      const size = tf.abs(v);
      const width = v.shape.at(-1)!;
      const { values } = tf.topk(size, width);
      const chosen = tf.step(tf.sub(tf.mul(fraction, width), tf.range(0, width)));
      const least = tf.min(tf.add(values, tf.mul(tf.sub(1, chosen), beyond)), -1, true);
      return tf.sub(1, tf.step(tf.sub(least, size)));
    }),
  );
}

/**
 * Makes a network of a problem whose prior selects, where that is asked for, and tells every layer its fraction, `prior.fraction/1` ….
 *
 * @param make is given the problem, and what its layers do not share
 */
export async function withSupportSelection(
  problem: Problem,
  selection: SupportSelection | undefined,
  make: (problem: Problem, share: { readonly [name: string]: 'each' }) => Promise<Network>,
): Promise<Network> {
  if (selection === undefined) return make(problem, {});
  requireSelection(selection);
  const fraction = tf.scalar(0);
  try {
    const network = await make(
      { ...problem, prior: supportSelecting(problem.prior, fraction) },
      { 'prior.fraction': 'each' },
    );
    for (let layer = 1; layer <= network.layers; layer++) {
      const most = Math.min(selection.perLayer * layer, selection.most);
      tf.tidy(() => network.variables[`prior.fraction/${layer}`]!.assign(tf.scalar(most)));
    }
    return network;
  } finally {
    fraction.dispose();
  }
}

function requireSelection(selection: SupportSelection): void {
  requireKnownOptions('supportSelection', selection, ['perLayer', 'most']);
  for (const name of ['perLayer', 'most'] as const) {
    const value = selection[name];
    if (!(value > 0 && value <= 1)) refuse(`supportSelection.${name}`, value, 'a fraction in (0, 1]');
  }
}
