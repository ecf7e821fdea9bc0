import type { Bank } from './bank.ts';
import { MISFIT, type SpikePrior, spikeScore } from './score.ts';

/** A spike in a window. */
export interface Event {
  /** First sample of its template. */
  readonly place: number;
  readonly unit: number;
  readonly amplitude: number;
  /** Evidence for it, nats: how much more probable the signal is with it than without, its rarity taken off. > 0. */
  readonly score: number;
}

/** How `pursue` proceeds. */
export interface PursuitOptions {
  /** Two spikes of a unit are more than this many samples apart; up to twice as far they are improbable (`AFTER`). */
  readonly refractory: number;
  /** Multiplies what a spike costs for being rare. Default 1: what probability asks for. */
  readonly threshold?: number;
  /** Rounds of taking spikes at most. Default 30. */
  readonly passes?: number;
}

/** Within the refractory period a spike is this much less probable than elsewhere: such intervals are errors, mostly. */
const AFTER = 0.02;
/** What that costs, nats. */
const COST_AFTER = -Math.log(AFTER);

/**
 * Explains a signal by spikes, those with the most evidence first: matching pursuit with a prior (see `spikeScore`).
 *
 * In every pass each place whose best score is the largest within a template's length on either side gives a spike (next to a larger
 * one it must exceed that one's `MISFIT`), and the
 * correlations around it lose what it explains; until no score is positive. All decisions are local, so that pieces of a
 * recording with a margin give what the whole gives.
 *
 * @param correlations one a unit, from `correlate`; changed: on return those of the residual
 */
export function pursue(
  correlations: readonly Float32Array[],
  bank: Bank,
  priors: readonly SpikePrior[],
  { refractory, threshold = 1, passes = 30 }: PursuitOptions,
): Event[] {
  const places = correlations[0]?.length ?? 0;
  const reach = bank.length - 1;
  const scores = priors.map((prior, unit) => spikeScore(bank.energies[unit]!, prior, threshold));
  const penalty = correlations.map(() => new Float32Array(places));
  const shadow = new Float32Array(places);
  const best = new Float32Array(places);
  const owner = new Int16Array(places);
  const rate = (from: number, to: number) => {
    const [first, past] = [Math.max(0, from), Math.min(places, to)];
    best.fill(Number.NEGATIVE_INFINITY, first, past);
    for (let unit = 0; unit < bank.units; unit++) {
      const { evidence, least } = scores[unit]!;
      const correlation = correlations[unit]!;
      const cost = penalty[unit]!;
      for (let place = first; place < past; place++) {
        const c = correlation[place]!;
        // Most places by far: what is asked for besides can only take evidence away.
        if (c <= least) continue;
        const score = evidence(c) - cost[place]! - shadow[place]!;
        if (score > best[place]!) {
          best[place] = score;
          owner[place] = unit;
        }
      }
    }
  };
  rate(0, places);

  const events: Event[] = [];
  let candidates = positive(best, [[0, places]]);
  for (let pass = 0; pass < passes && candidates.length > 0; pass++) {
    const chosen = candidates.filter((place) => isPeak(best, place, reach));
    for (const place of chosen) {
      const unit = owner[place]!;
      const amplitude = scores[unit]!.amplitude(correlations[unit]![place]!);
      events.push({ place, unit, amplitude, score: best[place]! });
      subtract(correlations, bank, place, unit, amplitude);
      castShadow(shadow, place, reach, MISFIT * scores[unit]!.explained(amplitude));
      refuseNear(penalty[unit]!, place, refractory);
    }
    for (const place of chosen) rate(place - reach, place + reach + 1);
    // Only what lies within reach of a change, and of a peak that the change may have set free, can be a peak now.
    candidates = positive(
      best,
      chosen.map((place) => [place - 2 * reach, place + 2 * reach + 1]),
    );
  }
  return events.sort((a, b) => a.place - b.place || a.unit - b.unit);
}

/** After and before a spike of a unit another one is improbable, and very near impossible. */
function refuseNear(penalty: Float32Array, place: number, refractory: number): void {
  const from = Math.max(0, place - 2 * refractory);
  const to = Math.min(penalty.length, place + 2 * refractory + 1);
  for (let i = from; i < to; i++) if (penalty[i] === 0) penalty[i] = COST_AFTER;
  penalty.fill(Number.POSITIVE_INFINITY, Math.max(0, place - refractory), place + refractory + 1);
}

/** Raises what is asked for around a spike, the less the further away: as templates overlap. */
function castShadow(shadow: Float32Array, place: number, reach: number, height: number): void {
  const to = Math.min(shadow.length, place + reach + 1);
  for (let i = Math.max(0, place - reach); i < to; i++) {
    shadow[i]! += height * (1 - Math.abs(i - place) / (reach + 1));
  }
}

/** Takes a spike out of the correlations. */
function subtract(
  correlations: readonly Float32Array[],
  bank: Bank,
  place: number,
  unit: number,
  amplitude: number,
): void {
  const reach = bank.length - 1;
  correlations.forEach((correlation, other) => {
    const gram = bank.gram[unit]![other]!;
    const from = Math.max(0, place - reach);
    const to = Math.min(correlation.length, place + reach + 1);
    for (let i = from; i < to; i++) correlation[i]! -= amplitude * gram[place - i + reach]!;
  });
}

/** Places with a positive score within ascending ranges, which may overlap. */
function positive(best: Float32Array, ranges: readonly (readonly [number, number])[]): number[] {
  const places: number[] = [];
  let done = 0;
  for (const [from, to] of ranges) {
    for (let place = Math.max(done, from); place < Math.min(best.length, to); place++) {
      if (best[place]! > 0) places.push(place);
    }
    done = Math.max(done, to);
  }
  return places;
}

/** The largest within `reach` on either side, the first of equals. */
function isPeak(best: Float32Array, place: number, reach: number): boolean {
  const value = best[place]!;
  for (let i = Math.max(0, place - reach); i < place; i++) if (best[i]! >= value) return false;
  for (let i = Math.min(best.length - 1, place + reach); i > place; i--) if (best[i]! > value) return false;
  return true;
}
