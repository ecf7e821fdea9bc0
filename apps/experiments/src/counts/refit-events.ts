import * as tf from '@tensorflow/tfjs-core';
import type { Spike } from '@unrolled/crsae';
import { conv1d } from '@unrolled/operators';
import { type EventFit, type FitWorld, synthesisOf, workingResponse } from './refit-steps.ts';

/** Bins by which an event may move at once. */
const reach = 2;

/**
 * Every event moved by at most two bins to where it gains most log-likelihood, the others held: with d what they leave and v the
 * variances, (Σ v d h)² / 2 Σ v h². Places that are off by a bin blur the filters.
 */
export async function betterPlaces(world: FitWorld, fit: EventFit): Promise<Spike[]> {
  const { weights, deviation } = await workingResponse(world, fit);
  const [length, , atoms] = world.filters as [number, number, number];
  const [time, places] = [world.y.shape[1]!, world.codes[1]!];
  return fit.events.map((event) => {
    const { example, atom, amplitude } = event;
    const h = (bin: number): number => (bin >= 0 && bin < length ? fit.filters[bin * atoms + atom]! : 0);
    let best = { place: event.place, gain: Number.NEGATIVE_INFINITY };
    const last = Math.min(places - 1, event.place + reach);
    for (let place = Math.max(0, event.place - reach); place <= last; place++) {
      let [match, energy] = [0, 0];
      for (let bin = 0; bin < length; bin++) {
        const at = example * time + place + bin;
        const left = deviation[at]! + amplitude * h(place + bin - event.place);
        match += weights.data[at]! * left * h(bin);
        energy += weights.data[at]! * h(bin) ** 2;
      }
      const gain = gainOf(match, energy);
      if (gain > best.gain) best = { place, gain };
    }
    return { ...event, place: best.place };
  });
}

/**
 * The events that gain what they cost, the others held: Σ y a h − A(η) + A(η − a h) for an event of amplitude a. The second order will not
 * do here: of a few spikes where hardly one was expected it makes twice what they say.
 */
export async function worthTheirCost(world: FitWorld, fit: EventFit): Promise<Spike[]> {
  const { family, y, baselines, filters: shape, eventCost } = world;
  const [length, , atoms] = shape as [number, number, number];
  const natural = tf.tidy(() => tf.add(synthesisOf(world, fit), baselines));
  const [eta, counts] = await Promise.all([natural.data(), y.data()]);
  natural.dispose();
  return fit.events.filter(({ example, atom, place, amplitude }) => {
    let gain = 0;
    for (let bin = 0; bin < length; bin++) {
      const at = example * y.shape[1]! + place + bin;
      const part = amplitude * fit.filters[bin * atoms + atom]!;
      gain += counts[at]! * part - family.logPartition(eta[at]!) + family.logPartition(eta[at]! - part);
    }
    return gain > eventCost;
  });
}

/**
 * The events of a fit and one more of every atom in every group, where one would gain most: if that is more than it costs, and no event of
 * the atom is within half a filter.
 */
export async function withMissed(world: FitWorld, fit: EventFit): Promise<Spike[]> {
  const { family, y, baselines, codes, filters: shape, eventCost } = world;
  const [length, , atoms] = shape as [number, number, number];
  const [groups, places] = codes as [number, number];
  const tensors = tf.tidy(() => {
    const h = tf.tensor(fit.filters, [...shape]);
    const eta = tf.add(synthesisOf(world, fit), baselines);
    const matches = conv1d(h).adjoint(family.plain.residual(y, eta));
    return [matches, conv1d(tf.square(h)).adjoint(family.plain.variance(eta))] as const;
  });
  const [matches, energies] = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose([...tensors]);
  const taken = new Uint8Array(groups * places * atoms);
  for (const { example, atom, place } of fit.events) {
    const last = Math.min(places - 1, place + Math.floor(length / 2));
    for (let near = Math.max(0, place - Math.floor(length / 2)); near <= last; near++)
      taken[(example * places + near) * atoms + atom] = 1;
  }
  // At the log link a step from nothing goes too far: it begins with half of what events have.
  const most = fit.events.reduce((sum, { amplitude }) => sum + amplitude, 0) / (2 * fit.events.length || 1);
  const found: Spike[] = [];
  for (let example = 0; example < groups; example++)
    for (let atom = 0; atom < atoms; atom++) {
      let best = { place: -1, gain: eventCost, amplitude: 0 };
      for (let place = 0; place < places; place++) {
        const at = (example * places + place) * atoms + atom;
        const gain = taken[at] === 1 ? 0 : gainOf(matches![at]!, energies![at]!);
        if (gain > best.gain) best = { place, gain, amplitude: matches![at]! / energies![at]! };
      }
      if (best.place >= 0)
        found.push({ example, atom, place: best.place, amplitude: Math.min(best.amplitude, most) });
    }
  return [...fit.events, ...found];
}

/** Log-likelihood by an event of the best amplitude ≥ 0, in second order. */
const gainOf = (match: number, energy: number): number =>
  energy > 0 ? Math.max(0, match) ** 2 / (2 * energy) : 0;
