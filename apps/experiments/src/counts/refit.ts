import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { pickSpikes, refitFilters, type Spike } from '@unrolled/crsae';
import { conv1d } from '@unrolled/operators';
import type { HostExamples } from '@unrolled/unroll';
import type { CountFamily } from './families.ts';
import type { Groups } from './groups.ts';

/** Filters and amplitudes that make counts likely, given where the events are. */
export interface EventFit {
  /** Unit norm, `[time, 1, atoms]`. */
  readonly filters: Float32Array;
  readonly events: readonly Spike[];
  /** Mean over the groups of −log p(y | η). */
  readonly loss: number;
}

/** Options of {@link refitOnEvents}. */
export interface EventFitOptions {
  /** Alternations of amplitudes and filters; default 3. */
  readonly rounds?: number;
  /** Events of at most this share of an atom's large ones are noise; default 0.3. */
  readonly share?: number;
  /** Of the filters' least squares, over its mean diagonal; default 0.01: bins that are silent whatever happens say nothing. */
  readonly ridge?: number;
  /** Bins by which a filter may move; default a quarter of its length. */
  readonly margin?: number;
}

/** Steps of Newton's method for the amplitudes, each halved where it goes too far. */
const newtonSteps = 4;
const halvings = [1, 0.5, 0.25, 0.125];

/**
 * The likelihood's own refit, as CRsAE's by least squares: the code's mass around a maximum is one event; amplitudes of these events
 * and filters are then fitted in turn, without the bias of the prior, by Newton's method on −log p(y | H x + a); and each filter is
 * taken from the window with most of its energy.
 *
 * A refit of the filters that does not make the counts likelier is dropped.
 */
export async function refitOnEvents(
  family: CountFamily,
  groups: Groups,
  codes: HostExamples,
  filters: { readonly data: Float32Array; readonly shape: readonly number[] },
  { rounds = 3, share = 0.3, ridge = 0.01, margin }: EventFitOptions = {},
): Promise<EventFit> {
  const [length] = filters.shape as [number];
  const world = tensorsOf(groups);
  try {
    const picked = pickSpikes(codes, { radius: Math.floor(length / 3), share });
    let best = await withAmplitudes(family, world, codes.shape, filters.shape, filters.data, picked);
    for (let round = 0; round < rounds; round++) {
      const { data, weights } = await workingResponse(family, world, codes.shape, filters.shape, best);
      const step = refitFilters(
        data,
        eventCodes(best.events, codes.shape),
        { data: best.filters, shape: filters.shape },
        {
          radius: 0,
          share: 0,
          ridge,
          weights,
          ...(margin !== undefined && { margin }),
        },
      );
      const last = codes.shape[1]! - 1;
      const moved = best.events.map((event) => ({
        ...event,
        place: Math.min(last, Math.max(0, event.place + step.shifts[event.atom]!)),
      }));
      const next = await withAmplitudes(family, world, codes.shape, filters.shape, step.filters, moved);
      if (!(next.loss < best.loss)) break;
      best = next;
    }
    return best;
  } finally {
    tf.dispose({ ...world });
  }
}

/** η = H x + a of codes, `[groups, time, 1]`, on the host. */
export async function etaOfCodes(
  { baselines }: Groups,
  codes: HostExamples,
  filters: { readonly data: Float32Array; readonly shape: readonly number[] },
): Promise<Float32Array> {
  const eta = tf.tidy(() =>
    tf.add(
      conv1d(tf.tensor(filters.data, [...filters.shape])).apply(tf.tensor(codes.data, [...codes.shape])),
      tf.tensor3d(baselines, [baselines.length, 1, 1]),
    ),
  );
  const values = (await eta.data()) as Float32Array;
  eta.dispose();
  return values;
}

interface World {
  readonly y: Tensor;
  readonly baselines: Tensor;
}

const tensorsOf = ({ counts, baselines }: Groups): World => ({
  y: tf.tensor(counts.data, [...counts.shape]),
  baselines: tf.tensor3d(baselines, [baselines.length, 1, 1]),
});

/** A code of nothing but these events. */
export function eventCodes(events: readonly Spike[], shape: readonly number[]): HostExamples {
  const [, places, atoms] = shape as [number, number, number];
  const data = new Float32Array(shape.reduce((size, axis) => size * axis, 1));
  for (const { example, place, atom, amplitude } of events)
    data[(example * places + place) * atoms + atom]! += amplitude;
  return { data, shape };
}

/** Newton's method for the amplitudes, all events of a group at once with the diagonal of their Hessian. */
async function withAmplitudes(
  { plain }: CountFamily,
  { y, baselines }: World,
  codeShape: readonly number[],
  filterShape: readonly number[],
  filters: Float32Array,
  events: readonly Spike[],
): Promise<EventFit> {
  const [code, losses] = tf.tidy(() => {
    const h = tf.tensor(filters, [...filterShape]);
    const operator = conv1d(h);
    const squares = conv1d(tf.square(h));
    const lossOf = (x: Tensor): Tensor => plain.negLogLik(y, tf.add(operator.apply(x), baselines));
    const start = eventCodes(events, codeShape);
    let x = tf.tensor(start.data, [...start.shape]) as Tensor;
    const support = tf.step(x);
    let loss = lossOf(x);
    for (let turn = 0; turn < newtonSteps; turn++) {
      const eta = tf.add(operator.apply(x), baselines);
      const gradient = tf.mul(support, operator.adjoint(plain.residual(y, eta)));
      const curvature = tf.add(squares.adjoint(plain.variance(eta)), 1e-3);
      const direction = tf.div(gradient, curvature);
      const from = x;
      const before = loss;
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
  const [, places, atoms] = codeShape as [number, number, number];
  const fitted = distinct(events).map((event) => ({
    ...event,
    amplitude: amplitudes[(event.example * places + event.place) * atoms + event.atom]!,
  }));
  return {
    filters,
    events: fitted.filter(({ amplitude }) => amplitude > 0),
    loss: values.reduce((sum, value) => sum + value, 0) / values.length,
  };
}

/** One event a place: two that were moved onto each other are one. */
function distinct(events: readonly Spike[]): Spike[] {
  const keyed = new Map(events.map((event) => [`${event.example} ${event.place} ${event.atom}`, event]));
  return [...keyed.values()];
}

/** What least squares has to fit for a Newton step of the filters: H x + (y − mean)/v, weighted by the variance v. */
async function workingResponse(
  { plain }: CountFamily,
  { y, baselines }: World,
  codeShape: readonly number[],
  filterShape: readonly number[],
  { filters, events }: EventFit,
): Promise<{ data: HostExamples; weights: HostExamples }> {
  const [response, weights] = tf.tidy(() => {
    const code = eventCodes(events, codeShape);
    const synthesis = conv1d(tf.tensor(filters, [...filterShape])).apply(
      tf.tensor(code.data, [...code.shape]),
    );
    const eta = tf.add(synthesis, baselines);
    // A variance of 0 has no inverse; it weighs nothing either way.
    const variance = tf.add(plain.variance(eta), 1e-6);
    return [tf.add(synthesis, tf.div(plain.residual(y, eta), variance)), variance] as const;
  });
  const [values, variances] = [await response.data(), await weights.data()];
  const shape = response.shape;
  tf.dispose([response, weights]);
  return {
    data: { data: values as Float32Array, shape },
    weights: { data: variances as Float32Array, shape },
  };
}
