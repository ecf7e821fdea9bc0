import * as tf from '@tensorflow/tfjs-core';
import { pickSpikes, refitFilters } from '@unrolled/crsae';
import type { HostExamples } from '@unrolled/unroll';
import type { CountFamily } from './families.ts';
import type { Groups } from './groups.ts';
import { betterPlaces, withMissed, worthTheirCost } from './refit-events.ts';
import {
  type EventFit,
  eventCodes,
  type Filters,
  type FitWorld,
  fitAmplitudes,
  workingResponse,
} from './refit-steps.ts';

/** Options of {@link refitOnEvents}. */
export interface EventFitOptions {
  /** Alternations of events and filters; default 5. */
  readonly rounds?: number;
  /** Events of at most this share of an atom's large ones are noise; default 0.3. */
  readonly share?: number;
  /** Of the filters' least squares, over its mean diagonal; default 0.001: bins that are silent whatever happens say nothing. */
  readonly ridge?: number;
  /** Bins by which a filter may move; default a quarter of its length. */
  readonly margin?: number;
  /** Variance of a count over the one that the family gives it, of a family that is not the counts' own; default 1. */
  readonly dispersion?: number;
}

/**
 * The likelihood's own refit, as CRsAE's by least squares: the code's mass around a maximum is one event; events and filters are then
 * fitted in turn, without the bias of the prior:
 *
 *     min over filters h, ‖h‖ = 1, events and their amplitudes  −log p(y | H x + a) + ln(C N_e) · events
 *
 * An event has to gain what noise alone does at the best of its N_e places and C atoms. Places change by a bin or two, events that gain too
 * little go, missed ones come; amplitudes and filters take steps of Newton's method, and each filter is taken from the window with most of
 * its energy. A round that does not lower the objective is dropped, and the last.
 */
export async function refitOnEvents(
  family: CountFamily,
  { counts, baselines }: Groups,
  codes: HostExamples,
  filters: Filters,
  options: EventFitOptions = {},
): Promise<EventFit> {
  const { rounds = 5, share = 0.3, ridge = 0.001, dispersion = 1 } = options;
  const [length, , atoms] = filters.shape as [number, number, number];
  const { margin = Math.floor(length / 4) } = options;
  const world: FitWorld = {
    family,
    y: tf.tensor(counts.data, [...counts.shape]),
    baselines: tf.tensor3d(baselines, [baselines.length, 1, 1]),
    codes: codes.shape,
    filters: filters.shape,
    eventCost: dispersion * Math.log(atoms * codes.shape[1]!),
  };
  try {
    const picked = pickSpikes(codes, { radius: Math.floor(length / 3), share });
    let best = await fitAmplitudes(world, filters.data, picked);
    for (let round = 0; round < rounds; round++) {
      const before = best.objective;
      for (const events of [betterPlaces, worthTheirCost, withMissed, worthTheirCost])
        best = better(best, await fitAmplitudes(world, best.filters, await events(world, best)));
      best = await withFilters(world, best, { ridge, margin });
      if (!(best.objective < before)) break;
    }
    return best;
  } finally {
    tf.dispose([world.y, world.baselines]);
  }
}

const better = (old: EventFit, found: EventFit): EventFit => (found.objective < old.objective ? found : old);

/**
 * A step of Newton's method for the filters, and the amplitudes that go with it: in the window with most of their energy, or, where that
 * is no better (events at the ends of a group cannot move with it), in the one they have.
 */
async function withFilters(
  world: FitWorld,
  old: EventFit,
  { ridge, margin }: { readonly ridge: number; readonly margin: number },
): Promise<EventFit> {
  const { response, weights } = await workingResponse(world, old);
  const codes = eventCodes(old.events, world.codes);
  const filters = { data: old.filters, shape: world.filters };
  const last = world.codes[1]! - 1;
  for (const own of new Set([margin, 0])) {
    const options = { radius: 0, share: 0, weights, ridge, margin: own };
    const step = refitFilters(response, codes, filters, options);
    const moved = old.events.map((event) => ({
      ...event,
      place: Math.min(last, Math.max(0, event.place + step.shifts[event.atom]!)),
    }));
    const found = await fitAmplitudes(world, step.filters, moved);
    if (found.objective < old.objective) return found;
  }
  return old;
}
