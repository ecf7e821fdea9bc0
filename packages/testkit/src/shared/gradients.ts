import * as tf from '@tensorflow/tfjs-core';
import type { Named } from '@unrolled/contracts';
import { breaks, type Context } from '../law.ts';
import { differences } from './differences.ts';
import { dot, type HostTensor, moved, norm, read, upload } from './host.ts';
import { type Inputs, withInputs } from './operation.ts';

/** A differentiable function of named arrays. */
export interface Differentiable {
  readonly name: string;
  readonly inputs: Inputs;
  run(inputs: Named): tf.Tensor;
  /** The step of the differences, relative to the size of an input. */
  readonly h?: number;
}

const TRIES = 6;

/**
 * The tape's gradient of ⟨c, f⟩ with respect to each input, along random directions, against differences.
 */
export async function checkGradients(context: Context, f: Differentiable): Promise<void> {
  for (const [input, value] of Object.entries(f.inputs)) {
    await checkGradient(context, `∂ ${f.name} / ∂ ${input}`, {
      at: value,
      h: f.h ?? 2 ** -7,
      evaluate: (x) => withInputs({ ...f.inputs, [input]: x }, (tensors) => read(() => f.run(tensors))),
      gradient: (cotangent) => tapeGradient(f, input, cotangent),
    });
  }
}

/** A function of one array, and what is said to be its gradient. */
export interface Claimed {
  readonly at: HostTensor;
  readonly h: number;
  evaluate(x: HostTensor): Promise<HostTensor>;
  /** ∇⟨c, f⟩ for this c, or the error of a function that does not depend on x. */
  gradient(cotangent: HostTensor): Promise<HostTensor | Error>;
}

/** Entries of f at a kink get c = 0: the gradient of the others is unaffected by them. */
export async function checkGradient(context: Context, claim: string, f: Claimed): Promise<void> {
  const { random } = context;
  const deviation = norm(f.at.values) / Math.sqrt(f.at.values.length) || 1;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const direction = Float64Array.from(f.at.values, () => random.normal(0, deviation));
    const { derivative, smooth, noise } = await differences(
      (t) => f.evaluate(moved(f.at, direction, t)),
      f.h,
    );
    // Half the entries suffice to see a wrong formula; fewer, and another direction is drawn.
    if (smooth.filter(Boolean).length * 2 < smooth.length) continue;
    const { shape } = await f.evaluate(f.at);
    const values = Float32Array.from(smooth, (believed) =>
      believed ? random.uniform(0.5, 1.5) * (random.uniform() < 0.5 ? -1 : 1) : 0,
    );
    const expected = dot(values, derivative);
    // Differences are good to 0.2 % an entry where they are believed; rounding errors add up as independent ones.
    const allowed = 5e-3 * norm(derivative.map((value, i) => value * values[i]!)) + 4 * noise * norm(values);
    const gradient = await f.gradient({ shape, values });
    if (gradient instanceof Error) {
      if (Math.abs(expected) > allowed) breaks(context, claim, expected, `no gradient (${gradient.message})`);
      return;
    }
    const seen = dot(gradient.values, direction);
    if (!(Math.abs(seen - expected) <= allowed))
      breaks(context, `${claim} along a direction`, expected, seen);
    return;
  }
  breaks(context, claim, 'a point where it can be differentiated', 'kinks or jumps everywhere');
}

/** The gradient that the tape gives, or the error of a function that the input does not enter. */
async function tapeGradient(
  f: Differentiable,
  input: string,
  cotangent: HostTensor,
): Promise<HostTensor | Error> {
  return withInputs(f.inputs, async (tensors) => {
    const dy = upload(cotangent);
    try {
      return await read(() => tf.grad((value) => f.run({ ...tensors, [input]: value }))(tensors[input]!, dy));
    } catch (error) {
      if (error instanceof Error) return error;
      throw error;
    } finally {
      dy.dispose();
    }
  });
}
