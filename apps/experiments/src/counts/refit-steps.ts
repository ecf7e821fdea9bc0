import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Spike } from '@unrolled/crsae';
import { conv1d } from '@unrolled/operators';
import type { HostExamples } from '@unrolled/unroll';
import type { CountFamily } from './families.ts';

/** Filters on the host, `[time, 1, atoms]`. */
export interface Filters {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Filters and events that make counts likely. */
export interface EventFit {
  /** Unit norm, `[time, 1, atoms]`. */
  readonly filters: Float32Array;
  readonly events: readonly Spike[];
  /** Mean over the groups of −log p(y | η). */
  readonly loss: number;
  /** The same, and what the events cost. */
  readonly objective: number;
}

/** What is fitted: counts `[groups, time, 1]` with their baselines, by codes and filters of these shapes. */
export interface FitWorld {
  /** Log-likelihood that an event has to gain to be one. */
  readonly eventCost: number;
  readonly family: CountFamily;
  readonly y: Tensor;
  readonly baselines: Tensor;
  readonly codes: readonly number[];
  readonly filters: readonly number[];
}

/** Steps of Newton's method for the amplitudes, each halved where it goes too far. */
const newtonSteps = 4;
const halvings = [1, 0.5, 0.25, 0.125];

/** A code of nothing but these events. */
export function eventCodes(events: readonly Spike[], shape: readonly number[]): HostExamples {
  const [, places, atoms] = shape as [number, number, number];
  const data = new Float32Array(shape.reduce((size, axis) => size * axis, 1));
  for (const { example, place, atom, amplitude } of events)
    data[(example * places + place) * atoms + atom]! += amplitude;
  return { data, shape };
}

/** Newton's method for the amplitudes, all events of a group at once with the diagonal of their Hessian. */
export async function fitAmplitudes(
  { family: { plain: likelihood }, y, baselines, codes, filters: filterShape, eventCost }: FitWorld,
  filters: Float32Array,
  events: readonly Spike[],
): Promise<EventFit> {
  const [code, losses] = tf.tidy(() => {
    const h = tf.tensor(filters, [...filterShape]);
    const operator = conv1d(h);
    const squares = conv1d(tf.square(h));
    const lossOf = (x: Tensor): Tensor => likelihood.negLogLik(y, tf.add(operator.apply(x), baselines));
    let x = tf.tensor(eventCodes(events, codes).data, [...codes]) as Tensor;
    const support = tf.step(x);
    let loss = lossOf(x);
    for (let turn = 0; turn < newtonSteps; turn++) {
      const eta = tf.add(operator.apply(x), baselines);
      const gradient = tf.mul(support, operator.adjoint(likelihood.residual(y, eta)));
      const curvature = tf.add(squares.adjoint(likelihood.variance(eta)), 1e-3);
      const direction = tf.div(gradient, curvature);
      const [from, before] = [x, loss];
      for (const share of halvings) {
        const tried = tf.relu(tf.add(from, tf.mul(share, direction)));
        const reached = lossOf(tried);
        // Groups that have not got better yet take this step where it is one.
        const waits = tf.equal(loss, before);
        const better = tf.cast(tf.logicalAnd(waits, tf.less(reached, before)), 'float32');
        loss = tf.add(tf.mul(better, reached), tf.mul(tf.sub(1, better), loss));
        const column = tf.reshape(better, [-1, 1, 1]);
        x = tf.add(tf.mul(column, tried), tf.mul(tf.sub(1, column), x));
      }
    }
    return [x, loss] as const;
  });
  const amplitudes = await code.data();
  const values = (await losses.data()) as Float32Array;
  tf.dispose([code, losses]);
  const [, places, atoms] = codes as [number, number, number];
  const fitted = distinct(events).map((event) => ({
    ...event,
    amplitude: amplitudes[(event.example * places + event.place) * atoms + event.atom]!,
  }));
  const kept = fitted.filter(({ amplitude }) => amplitude > 0);
  const loss = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { filters, events: kept, loss, objective: loss + (eventCost * kept.length) / values.length };
}

/** One event a place: two that were moved onto each other are one. */
function distinct(events: readonly Spike[]): Spike[] {
  const keyed = new Map(events.map((event) => [`${event.example} ${event.place} ${event.atom}`, event]));
  return [...keyed.values()];
}

/** H x of a fit `[groups, time, 1]`: a fresh tensor, or one of the tidy around it. */
export const synthesisOf = (
  { codes, filters: shape }: FitWorld,
  { filters, events }: Pick<EventFit, 'filters' | 'events'>,
): Tensor =>
  tf.tidy(() =>
    conv1d(tf.tensor(filters, [...shape])).apply(tf.tensor(eventCodes(events, codes).data, [...codes])),
  );

/** What least squares has to fit for a Newton step of the filters: H x + (y − mean)/v, weighted by the variance v. */
export async function workingResponse(
  world: FitWorld,
  fit: Pick<EventFit, 'filters' | 'events'>,
): Promise<{ response: HostExamples; weights: HostExamples; deviation: Float32Array }> {
  const { y, baselines } = world;
  const likelihood = world.family.plain;
  const tensors = tf.tidy(() => {
    const synthesis = synthesisOf(world, fit);
    const eta = tf.add(synthesis, baselines);
    // A variance of 0 has no inverse; it weighs nothing either way.
    const variance = tf.add(likelihood.variance(eta), 1e-6);
    const deviation = tf.div(likelihood.residual(y, eta), variance);
    return [tf.add(synthesis, deviation), variance, deviation] as const;
  });
  const [response, weights, deviation] = (await Promise.all(tensors.map((tensor) => tensor.data()))) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  tf.dispose([...tensors]);
  return {
    response: { data: response, shape: y.shape },
    weights: { data: weights, shape: y.shape },
    deviation,
  };
}
