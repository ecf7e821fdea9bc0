import type { Bank } from './bank.ts';
import type { Event } from './pursuit.ts';

/**
 * Amplitudes refitted by least squares on the support: spikes that overlap share what they explain, and neither prior nor
 * penalty shrinks them.
 *
 *     min over a ≥ 0  ½ ‖ signal − Σ_e a_e · template_e ‖²
 *
 * by Gauss–Seidel sweeps from the amplitudes given, which leave two spikes that hardly differ near where they were. Runs
 * within a few templates of each spike: pieces of a recording give what the whole gives.
 *
 * @param events in order of place
 * @param residual one an event: the correlation of its template with what these events do not explain there
 */
export function refitAmplitudes(
  events: readonly Event[],
  residual: ArrayLike<number>,
  bank: Bank,
  sweeps = 8,
): Event[] {
  const amplitudes = Float64Array.from(events, ({ amplitude }) => amplitude);
  // What is left at each event's own place, kept up to date as its neighbours change.
  const left = Float64Array.from(residual);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    events.forEach((event, index) => {
      const change = Math.max(-amplitudes[index]!, left[index]! / bank.energies[event.unit]!);
      if (change === 0) return;
      amplitudes[index]! += change;
      for (const step of [-1, 1]) {
        for (let other = step < 0 ? index - 1 : index; ; other += step) {
          const neighbour = events[other];
          if (neighbour === undefined || Math.abs(neighbour.place - event.place) >= bank.length) break;
          const lag = event.place - neighbour.place;
          left[other]! -= change * bank.gram[event.unit]![neighbour.unit]![lag + bank.length - 1]!;
        }
      }
    });
  }
  return events.map((event, index) => ({ ...event, amplitude: amplitudes[index]! }));
}

/** What `refitAmplitudes` begins with, out of correlations at all places, one array a unit: those at the events' own. */
export function atEvents(events: readonly Event[], correlations: readonly Float32Array[]): Float64Array {
  return Float64Array.from(events, ({ unit, place }) => correlations[unit]![place]!);
}
