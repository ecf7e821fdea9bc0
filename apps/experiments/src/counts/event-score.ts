import type { Spike } from '@unrolled/crsae';
import type { CountSimulation } from '@unrolled/data';
import { type DictionaryError, matchSpikeTrains } from '@unrolled/metrics';

/** Bins by which an event may be off. */
const tolerance = 3;

/** Of true events, how many were found; of those found, how many are false. Over all groups and filters. */
export function eventScore(
  { codes }: CountSimulation,
  found: readonly Spike[],
  { matches, shifts }: DictionaryError,
): { readonly hits: number; readonly falseAlarms: number } {
  const [groups, places, atoms] = codes.shape as [number, number, number];
  let [hits, all, claimed] = [0, 0, 0];
  for (let atom = 0; atom < atoms; atom++) {
    const own = found.filter((event) => event.atom === matches[atom]);
    for (let group = 0; group < groups; group++) {
      const times: number[] = [];
      for (let place = 0; place < places; place++)
        if (codes.data[(group * places + place) * atoms + atom]! > 0) times.push(place);
      // A filter that stands later in its window has its events earlier.
      const claims = own.filter(({ example }) => example === group).map(({ place }) => place - shifts[atom]!);
      hits += matchSpikeTrains(times, claims, { tolerance }).hits;
      all += times.length;
      claimed += claims.length;
    }
  }
  return { hits: hits / all, falseAlarms: claimed === 0 ? 0 : 1 - hits / claimed };
}

/** Filters `[time, 1, atoms]` as one list of bins an atom. */
export function columnsOf({
  data,
  shape,
}: {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}): number[][] {
  const [length, , atoms] = shape as [number, number, number];
  return Array.from({ length: atoms }, (_, atom) =>
    Array.from({ length }, (_, bin) => data[bin * atoms + atom]!),
  );
}

/** Learned filters in the order of the true ones, moved and turned onto them; what is moved in is 0. */
export function aligned(
  learned: readonly number[][],
  { matches, shifts, signs }: DictionaryError,
): number[][] {
  return Array.from(matches, (match, atom) => {
    const own = learned[match]!;
    return own.map((_, bin) => signs[atom]! * (own[bin - shifts[atom]!] ?? 0));
  });
}
