import { refuse, requireKnownOptions, requireNonNegative, UnrolledError } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import { requireHostBatch } from './host-batch.ts';

/** One occurrence of an atom: it starts at `place` of window `example`, `amplitude` times. */
export interface Spike {
  /** From 0. */
  readonly example: number;
  readonly atom: number;
  /** A position of the code, or a sample: where the stride is 1 they are the same. */
  readonly place: number;
  /** In units of the signal, for atoms of norm 1. */
  readonly amplitude: number;
}

/**
 * Spikes out of a code: an unrolled encoder spreads one spike over neighbouring places (the adjacent shifts of a smooth
 * template are nearly the same), so the mass near a local maximum is one spike at the mass's centre.
 *
 * @param codes `[batch, positions, atoms]`
 * @param options.radius positions on either side of a maximum that belong to it, ≥ 0
 * @param options.share spikes of at most this share of the atom's large ones (the 0.9 quantile) are noise; ≥ 0, default 0.3
 * @returns atom by atom and window by window, the largest first
 * @throws INVALID_SHAPE, NOT_FINITE for codes that are none; INVALID_ARGUMENT, UNKNOWN_OPTION
 * @example
 * pickSpikes({ data: new Float32Array([0, 1, 3, 2, 0]), shape: [1, 5, 1] }, { radius: 2 });
 * // [{ example: 0, atom: 0, place: 2, amplitude: 6 }]
 */
export function pickSpikes(
  codes: HostExamples,
  options: { readonly radius: number; readonly share?: number },
): Spike[] {
  requireHostBatch('codes', codes, '[batch, positions, atoms]');
  requireKnownOptions('pickSpikes', options, ['radius', 'share']);
  const radius = requireNonNegative('radius', options.radius);
  const share = requireNonNegative('share', options.share ?? 0.3);
  const [examples, places, atoms] = codes.shape as [number, number, number];
  const spikes: Spike[] = [];
  for (let atom = 0; atom < atoms; atom++) {
    const found: Spike[] = [];
    for (let example = 0; example < examples; example++) {
      const own: number[] = [];
      const values: number[] = [];
      for (let place = 0, at = example * places * atoms + atom; place < places; place++, at += atoms) {
        if (codes.data[at] === 0) continue;
        own.push(place);
        values.push(codes.data[at]!);
      }
      found.push(...codeMasses(own, values, radius).map((mass) => ({ example, atom, ...mass })));
    }
    const least =
      share *
      quantile(
        found.map(({ amplitude }) => Math.abs(amplitude)),
        0.9,
      );
    spikes.push(...found.filter(({ amplitude }) => Math.abs(amplitude) > least));
  }
  return spikes;
}

/** A spike in the code of one atom: where its mass has its centre, and how much of it there is. */
export interface CodeMass {
  readonly place: number;
  readonly amplitude: number;
}

/**
 * The masses of one sign around the extrema of one atom's code, the largest extremum first: what `pickSpikes` takes for spikes.
 *
 * @param places where the code is not zero, ascending
 * @param values one a place
 * @param radius positions on either side of an extremum that belong to it, ≥ 0
 * @throws INVALID_SHAPE where there is not one value a place, NOT_FINITE, INVALID_ARGUMENT for places that do not ascend
 * @example codeMasses([1, 2, 3], [1, 3, 2], 2); // [{ place: 2, amplitude: 6 }]
 */
export function codeMasses(places: ArrayLike<number>, values: ArrayLike<number>, radius: number): CodeMass[] {
  requireEntries(places, values);
  requireNonNegative('radius', radius);
  const found: CodeMass[] = [];
  const taken = new Uint8Array(places.length);
  const order = Array.from(taken.keys()).sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!) || a - b);
  for (const top of order) {
    if (taken[top] === 1) continue;
    const sign = Math.sign(values[top]!);
    let first = top;
    while (first > 0 && places[first - 1]! >= places[top]! - radius) first--;
    let mass = 0;
    let moment = 0;
    for (let i = first; i < places.length && places[i]! <= places[top]! + radius; i++) {
      if (taken[i] === 1 || values[i]! * sign <= 0) continue;
      mass += values[i]!;
      moment += values[i]! * places[i]!;
      taken[i] = 1;
    }
    found.push({ place: Math.round(moment / mass), amplitude: mass });
  }
  return found;
}

function requireEntries(places: ArrayLike<number>, values: ArrayLike<number>): void {
  if (values.length !== places.length)
    throw new UnrolledError(
      'INVALID_SHAPE',
      `values: expected one a place, ${places.length}, got ${values.length}`,
    );
  for (let index = 0; index < places.length; index++) {
    if (!Number.isFinite(values[index]) || !Number.isFinite(places[index]))
      throw new UnrolledError('NOT_FINITE', `places, values: entry ${index} is not a finite number`);
    if (index > 0 && !(places[index]! > places[index - 1]!))
      refuse('places', places[index], `places that ascend: entry ${index} follows ${places[index - 1]}`);
  }
}

function quantile(values: number[], level: number): number {
  if (values.length === 0) return 0;
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(level * values.length))]!;
}
