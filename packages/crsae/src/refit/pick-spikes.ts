import { requireKnownOptions, requireNonNegative } from '@unrolled/contracts';
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
      const code = Float64Array.from(
        { length: places },
        (_, place) => codes.data[(example * places + place) * atoms + atom]!,
      );
      found.push(...masses(code, radius).map((mass) => ({ example, atom, ...mass })));
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

/** The masses of one sign around the extrema of one code, the largest first. Empties the code. */
function masses(code: Float64Array, radius: number): { place: number; amplitude: number }[] {
  const found: { place: number; amplitude: number }[] = [];
  const order = Array.from(code.keys())
    .filter((place) => code[place] !== 0)
    .sort((a, b) => Math.abs(code[b]!) - Math.abs(code[a]!) || a - b);
  for (const top of order) {
    const sign = Math.sign(code[top]!);
    if (sign === 0) continue;
    let mass = 0;
    let moment = 0;
    const end = Math.min(code.length, top + radius + 1);
    for (let place = Math.max(0, top - radius); place < end; place++) {
      if (code[place]! * sign <= 0) continue;
      mass += code[place]!;
      moment += code[place]! * place;
      code[place] = 0;
    }
    found.push({ place: Math.round(moment / mass), amplitude: mass });
  }
  return found;
}

function quantile(values: number[], level: number): number {
  if (values.length === 0) return 0;
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(level * values.length))]!;
}
