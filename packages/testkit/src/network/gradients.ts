import * as tf from '@tensorflow/tfjs-core';
import type { Gradient } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { checkGradient } from '../shared/gradients.ts';
import { download, type HostTensor, norm, ROUNDING, read, upload } from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawSignal, type NetworkSubject } from './subject.ts';

/** How gradients go back through decoding and encoding. */
export const gradientLaws: readonly Law<NetworkSubject>[] = [
  {
    name: 'gradients',
    statement: '⟨∇⟨c, decode(encode(y))⟩, d⟩ = d/dt ⟨c, decode(encode(y))(θ + t d)⟩ for every trainable θ',
    check: checkTrainable,
  },
  {
    name: 'gradient modes',
    statement:
      'through the last T of T layers, or checkpointed, the gradient is the full one; through the last 0 there is none',
    check: checkModes,
  },
];

async function checkTrainable(subject: NetworkSubject, context: Context): Promise<void> {
  const { network } = subject;
  const y = await drawSignal(subject, context.random);
  const pass = (signal: tf.Tensor) => network.decode(network.encode(signal));
  for (const [name, variable] of Object.entries(network.variables)) {
    if (!network.trainable.includes(variable)) continue;
    const at = await download(variable);
    const assign = (value: HostTensor) => tf.tidy(() => variable.assign(upload(value)));
    try {
      await checkGradient(context, `∂ decode(encode(y)) / ∂ ${name}`, {
        at,
        // Every layer has kinks of its own, so differences have to stay close.
        h: 2 ** -9,
        evaluate: (value) => {
          assign(value);
          return withInputs({ y }, (tensors) => read(() => pass(tensors['y']!)));
        },
        gradient: async (cotangent) => {
          assign(at);
          return gradientOf(variable, { y, c: cotangent }, (tensors) =>
            tf.sum(tf.mul(pass(tensors['y']!), tensors['c']!)),
          );
        },
      });
    } finally {
      assign(at);
    }
  }
}

async function checkModes(subject: NetworkSubject, context: Context): Promise<void> {
  const { network } = subject;
  const y = await drawSignal(subject, context.random);
  for (const [name, variable] of Object.entries(network.variables)) {
    if (!network.trainable.includes(variable) || name.startsWith('decoder.')) continue;
    const through = (gradient: Gradient) =>
      gradientOf(variable, { y }, ({ y: signal }) =>
        tf.sum(tf.square(network.encode(signal!, { gradient }))),
      );
    const full = asValues(await through('full'));
    const modes: [string, Gradient, ArrayLike<number>][] = [
      [`{ last: ${network.layers} }`, { last: network.layers }, full],
      ['{ checkpoint: 2 }', { checkpoint: Math.min(2, network.layers) }, full],
      ['{ last: 0 }', { last: 0 }, [0]],
    ];
    for (const [mode, gradient, expected] of modes) {
      const seen = asValues(await through(gradient));
      // The same sums in another order, once a layer; none at all is the same as zeros.
      const off = norm(Array.from(seen, (value, i) => value - (expected[i] ?? 0)));
      const allowed = network.layers * ROUNDING * Math.max(norm(full), norm(expected));
      if (!(off <= allowed)) breaks(context, `‖∂‖ / ∂ ${name} with ${mode}`, norm(expected), norm(seen));
    }
  }
}

const asValues = (gradient: HostTensor | Error): ArrayLike<number> =>
  gradient instanceof Error ? [0] : gradient.values;

/** The gradient of a number with respect to a variable, or the error of one that does not depend on it. */
async function gradientOf(
  variable: tf.Variable,
  inputs: { readonly [name: string]: HostTensor },
  f: (tensors: { readonly [name: string]: tf.Tensor }) => tf.Tensor,
): Promise<HostTensor | Error> {
  return withInputs(inputs, async (tensors) => {
    try {
      return await read(() => {
        const { grads } = tf.variableGrads(() => f(tensors) as tf.Scalar, [variable]);
        return Object.values(grads)[0] ?? tf.zerosLike(variable);
      });
    } catch (error) {
      if (error instanceof Error) return error;
      throw error;
    }
  });
}
