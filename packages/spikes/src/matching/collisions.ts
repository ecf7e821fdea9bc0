import type { Bank } from './bank.ts';
import type { Event } from './pursuit.ts';
import { MISFIT, type SpikePrior, type SpikeScore, spikeScore } from './score.ts';
import { synthesize } from './synthesize.ts';

/** Explanations that are followed at once, and spikes that are added to one at most. */
const BEAM = 6;
const DEPTH = 4;
/** Standard deviations of χ² by which a residual is too large. */
const TOO_LARGE = 5;

/** How collisions are resolved: as in `pursue`. */
export interface CollisionOptions {
  readonly refractory: number;
  readonly threshold?: number;
}

/** One explanation of a stretch: its spikes, their evidence, and what correlations they leave. */
interface Explanation {
  readonly events: readonly Event[];
  readonly total: number;
  /** One a unit, over the places of the stretch. */
  readonly left: readonly Float32Array[];
}

/**
 * Looks again where spikes collide. Pursuit takes the best spike first, and of two that nearly coincide the best single one may
 * be a third. Wherever it leaves more residual than noise would, the spikes within a template are taken out, and a beam search
 * follows several explanations at once; the most probable one stays.
 *
 * @param signal `[time × channels]`
 * @param correlations of the residual, as `pursue` left them; changed along
 * @param events what `pursue` found
 */
export function resolveCollisions(
  signal: Float32Array,
  correlations: readonly Float32Array[],
  events: readonly Event[],
  bank: Bank,
  priors: readonly SpikePrior[],
  { refractory, threshold = 1 }: CollisionOptions,
): Event[] {
  const scores = priors.map((prior, unit) => spikeScore(bank.energies[unit]!, prior, threshold));
  const residual = signal.slice();
  synthesize(events, bank.templates, bank.channels, residual, -1);
  const found = new Set(events);
  // Only what is near can collide: a window over the events, which come in order of place.
  let first = 0;
  let added: Event[] = [];
  for (const event of events) {
    if (!found.has(event) || !isTooLarge(residual, event, bank, priors)) continue;
    while (first < events.length && events[first]!.place < event.place - 3 * bank.length) first++;
    added = added.filter(({ place }) => place >= event.place - 3 * bank.length);
    const around: Event[] = added.filter((other) => found.has(other));
    for (let i = first; i < events.length && events[i]!.place <= event.place + 3 * bank.length; i++) {
      if (found.has(events[i]!)) around.push(events[i]!);
    }
    const near = around.filter(({ place }) => Math.abs(place - event.place) < bank.length);
    const others = around.filter((other) => !near.includes(other));
    const best = search(event.place, near, others, correlations, bank, scores, refractory);
    if (best === undefined) continue;
    change(correlations, residual, near, bank, 1);
    change(correlations, residual, best, bank, -1);
    for (const old of near) found.delete(old);
    for (const fresh of best) {
      found.add(fresh);
      added.push(fresh);
    }
  }
  return [...found].sort((a, b) => a.place - b.place || a.unit - b.unit);
}

/** More residual under a spike than noise and the spike's own variability would leave. */
function isTooLarge(
  residual: Float32Array,
  { place, unit, amplitude }: Event,
  bank: Bank,
  priors: readonly SpikePrior[],
) {
  const { length, channels } = bank;
  let energy = 0;
  const from = Math.max(0, place * channels);
  const to = Math.min(residual.length, (place + length) * channels);
  for (let i = from; i < to; i++) energy += residual[i]! ** 2;
  const freedom = length * channels;
  const noise = priors[unit]!.background ** 2;
  return (
    energy >
    noise * (freedom + TOO_LARGE * Math.sqrt(2 * freedom)) + MISFIT * amplitude ** 2 * bank.energies[unit]!
  );
}

/** The best explanation of the stretch around a place, where it is better than the one there is. */
function search(
  centre: number,
  near: readonly Event[],
  others: readonly Event[],
  correlations: readonly Float32Array[],
  bank: Bank,
  scores: readonly SpikeScore[],
  refractory: number,
): readonly Event[] | undefined {
  const reach = bank.length - 1;
  const places = correlations[0]!.length;
  const from = Math.max(0, centre - reach);
  const to = Math.min(places, centre + reach + 1);
  const left = correlations.map((correlation) => correlation.slice(from, to));
  for (const event of near) subtract(left, from, event, bank, -1);
  let beam: Explanation[] = [{ events: [], total: 0, left }];
  let best: Explanation = beam[0]!;
  for (let depth = 0; depth < near.length + DEPTH && depth < 2 * DEPTH && beam.length > 0; depth++) {
    const next: Explanation[] = [];
    for (const explanation of beam) {
      const taken = [...explanation.events, ...others];
      for (const { event } of candidates(explanation.left, from, taken, scores, bank, refractory)) {
        const rest = explanation.left.map((correlation) => correlation.slice());
        subtract(rest, from, event, bank, 1);
        next.push({
          events: [...explanation.events, event],
          total: explanation.total + event.score,
          left: rest,
        });
      }
    }
    beam = distinct(next.sort((a, b) => b.total - a.total)).slice(0, BEAM);
    if (beam[0] !== undefined && beam[0].total > best.total) best = beam[0];
  }
  const before = near.reduce((sum, { score }) => sum + score, 0);
  return best.total > before + 1 ? best.events : undefined;
}

/** The best spikes that could be added: one a unit and local peak. */
function candidates(
  left: readonly Float32Array[],
  from: number,
  taken: readonly Event[],
  scores: readonly SpikeScore[],
  bank: Bank,
  refractory: number,
): { readonly event: Event }[] {
  const list: { event: Event }[] = [];
  for (let unit = 0; unit < bank.units; unit++) {
    const own = taken.filter((event) => event.unit === unit);
    const correlation = left[unit]!;
    const { least, evidence, amplitude } = scores[unit]!;
    const last = correlation.length - 1;
    for (let i = 0; i <= last; i++) {
      const c = correlation[i]!;
      // Most places by far hold no evidence, whatever they stand next to.
      if (c <= least) continue;
      if ((i > 0 && c < correlation[i - 1]!) || (i < last && c <= correlation[i + 1]!)) continue;
      const place = from + i;
      const score = evidence(c) - shadowAt(place, taken, scores, bank.length);
      if (score <= 0 || own.some((event) => Math.abs(event.place - place) <= refractory)) continue;
      list.push({ event: { place, unit, score, amplitude: amplitude(c) } });
    }
  }
  return list.sort((a, b) => b.event.score - a.event.score).slice(0, BEAM);
}

/** What a spike must exceed for the spikes that it stands next to: as in `pursue`. */
function shadowAt(
  place: number,
  taken: readonly Event[],
  scores: readonly SpikeScore[],
  length: number,
): number {
  return taken.reduce((sum, event) => {
    const distance = Math.abs(event.place - place);
    if (distance >= length) return sum;
    return sum + MISFIT * scores[event.unit]!.explained(event.amplitude) * (1 - distance / length);
  }, 0);
}

/** The same spikes in another order are one explanation. */
function distinct(explanations: readonly Explanation[]): Explanation[] {
  const seen = new Set<string>();
  return explanations.filter(({ events }) => {
    const key = events
      .map(({ unit, place }) => `${unit}@${place}`)
      .sort()
      .join(' ');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Takes a spike out of correlations that begin at place `from`; `sign` −1 puts it back. */
function subtract(
  left: readonly Float32Array[],
  from: number,
  { unit, place, amplitude }: Event,
  bank: Bank,
  sign: 1 | -1,
): void {
  const reach = bank.length - 1;
  left.forEach((correlation, other) => {
    const gram = bank.gram[unit]![other]!;
    const first = Math.max(0, place - reach - from);
    const last = Math.min(correlation.length, place + reach + 1 - from);
    for (let i = first; i < last; i++) correlation[i]! -= sign * amplitude * gram[place - from - i + reach]!;
  });
}

/** Puts spikes back into, or takes them out of, correlations and residual. */
function change(
  correlations: readonly Float32Array[],
  residual: Float32Array,
  events: readonly Event[],
  bank: Bank,
  sign: 1 | -1,
): void {
  for (const event of events) subtract(correlations, 0, event, bank, sign === 1 ? -1 : 1);
  synthesize(events, bank.templates, bank.channels, residual, sign);
}
