import { leastSquaresFilters, type Spike } from '@unrolled/crsae';
import type { Event } from '../matching/pursuit.ts';

/**
 * Templates that explain pieces best for given spikes, by least squares: what overlaps is shared out, nothing is shrunk.
 *
 * @param pieces `[time × channels]`
 * @param events one list a piece
 * @param length samples of a template
 * @returns one a unit, `[time × channels]`; zero for a unit without spikes
 */
export function refitTemplates(
  pieces: readonly Float32Array[],
  events: readonly (readonly Event[])[],
  { units, length, channels }: { readonly units: number; readonly length: number; readonly channels: number },
): Float32Array[] {
  if (units === 0) return [];
  // Pieces of one length: shorter ones go on with zeros, where no spike is.
  const longest = Math.max(...pieces.map((piece) => piece.length));
  const data = new Float32Array(pieces.length * longest);
  pieces.forEach((piece, index) => {
    data.set(piece, index * longest);
  });
  const spikes: Spike[] = events.flatMap((list, example) =>
    list.map(({ place, unit, amplitude }) => ({ example, atom: unit, place, amplitude })),
  );
  const { data: filters } = leastSquaresFilters(
    { data, shape: [pieces.length, longest / channels, channels] },
    spikes,
    { atoms: units, length },
  );
  return Array.from({ length: units }, (_, unit) =>
    Float32Array.from({ length: length * channels }, (_, i) => filters[i * units + unit]!),
  );
}
