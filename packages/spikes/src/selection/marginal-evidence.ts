import { bankOf } from '../matching/bank.ts';
import { explain } from '../matching/explain.ts';
import type { Matched } from '../matching/match-pieces.ts';
import type { PursuitOptions } from '../matching/pursuit.ts';

/** Spikes of a unit that are looked at: more give the same mean. */
const ENOUGH = 60;

/**
 * What each unit is good for: the evidence for all spikes near its own, less the evidence that the other units alone find there. A
 * unit that another one stands in for is worth little, however much it explains.
 *
 * @param pieces whitened `[time × channels]`
 * @returns one a unit, nats
 */
export function marginalEvidence(
  pieces: readonly Float32Array[],
  { bank, priors, events }: Matched,
  options: PursuitOptions,
): Float64Array {
  const { units, length, channels, templates } = bank;
  return Float64Array.from({ length: units }, (_, unit) => {
    const spikes = events.flatMap((list, piece) =>
      list.filter((event) => event.unit === unit).map(({ place }) => ({ piece, place })),
    );
    if (spikes.length === 0) return 0;
    const others = priors.map((_, other) => other).filter((other) => other !== unit);
    const without = bankOf(
      others.map((other) => templates[other]!),
      channels,
    );
    const otherPriors = others.map((other) => priors[other]!);
    const stride = Math.max(1, Math.floor(spikes.length / ENOUGH));
    let lost = 0;
    let looked = 0;
    for (let index = 0; index < spikes.length; index += stride) {
      const { piece, place } = spikes[index]!;
      // The spike, and whatever can overlap with it.
      const from = Math.max(0, place - length);
      const signal = pieces[piece]!.subarray(from * channels, (place + 2 * length) * channels);
      const all = explain(signal, bank, priors, options).events;
      lost += total(all) - total(explain(signal, without, otherPriors, options).events);
      looked++;
    }
    return (lost / looked) * spikes.length;
  });
}

function total(events: readonly { readonly score: number }[]): number {
  return events.reduce((sum, { score }) => sum + score, 0);
}
