import { requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import { assign } from './assignment.ts';
import { type Agreement, correlate, largestCrossCorrelation } from './cross-correlation.ts';
import { type Dictionary, unitAtoms } from './dictionary.ts';

/** How far learned atoms are from the true ones. */
export interface DictionaryError {
  /** One a true atom, in [0, 1]; 1 where no learned atom is left for it. */
  readonly errors: Float64Array;
  readonly mean: number;
  readonly worst: number;
  /** The learned atom of each true one; −1 where there is none. */
  readonly matches: Int32Array;
  /** By how many samples the learned atom has to be delayed to lie on the true one. */
  readonly shifts: Int32Array;
  /** 1, or −1 where the learned atom is upside down. */
  readonly signs: Int8Array;
}

/**
 * The error of a learned dictionary: of all one-to-one matchings of learned to true atoms the one with the smallest mean of
 *
 *     err(h, ĥ) = √(1 − ⟨h, ĥ⟩² / (‖h‖² ‖ĥ‖²))
 *
 * which is 0 for equal atoms, whatever their sign and norm, and 1 for orthogonal ones. With `shifts`, ⟨h, ĥ⟩ is the
 * cross-correlation of largest absolute value over all shifts in time, the channels summed: a convolutional model cannot
 * tell an atom from its shifts. The two dictionaries may then have filters of different lengths.
 *
 * @param truth `[features, atoms]` or `[time, channels, atoms]`
 * @param learned of the same rank and features (channels); may have another number of atoms
 * @param options.shifts default true for filters, false for `[features, atoms]`
 * @throws INVALID_SHAPE where the two do not fit, NOT_FINITE for NaN and infinity
 * @see Tolooshams, Dey & Ba (2021), "Deep residual autoencoders for expectation maximization-inspired dictionary learning"
 * @example dictionaryError({ data: [1, 0, 0, 1], shape: [2, 2] }, { data: [0, 1, -1, 0], shape: [2, 2] }).mean // 0
 */
export function dictionaryError(
  truth: Dictionary,
  learned: Dictionary,
  options: { readonly shifts?: boolean } = {},
): DictionaryError {
  requireKnownOptions('options', options, ['shifts']);
  const { shifts = truth.shape.length === 3 } = options;
  const ours = unitAtoms('truth', truth);
  const theirs = unitAtoms('learned', learned);
  const fits =
    truth.shape.length === learned.shape.length &&
    ours.channels === theirs.channels &&
    (shifts || truth.shape[0] === learned.shape[0]);
  if (!fits) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `learned: expected atoms like those of the truth [${truth.shape.join(', ')}], got [${learned.shape.join(', ')}]`,
    );
  }
  const agreements = ours.atoms.map((atom) =>
    theirs.atoms.map((other) => agree(atom, other, ours.channels, shifts)),
  );
  const matches = assign(agreements.map((row) => row.map((agreement) => -errorOf(agreement))));
  const matched = Array.from(matches, (match, atom) => agreements[atom]![match]);
  const errors = Float64Array.from(matched, (agreement) => (agreement ? errorOf(agreement) : 1));
  return Object.freeze({
    errors,
    mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    worst: Math.max(...errors),
    matches,
    shifts: Int32Array.from(matched, (agreement) => agreement?.shift ?? 0),
    signs: Int8Array.from(matched, (agreement) => ((agreement?.value ?? 0) < 0 ? -1 : 1)),
  });
}

/**
 * The coherence of a dictionary: the largest |⟨d_i, d_j⟩| / (‖d_i‖ ‖d_j‖) of two different atoms; 0 where there is one atom.
 *
 * @param options.shifts over all shifts in time, as in `dictionaryError`; default true for filters, false otherwise
 */
export function dictionaryCoherence(
  dictionary: Dictionary,
  options: { readonly shifts?: boolean } = {},
): number {
  requireKnownOptions('options', options, ['shifts']);
  const { shifts = dictionary.shape.length === 3 } = options;
  const { atoms, channels } = unitAtoms('dictionary', dictionary);
  let largest = 0;
  atoms.forEach((atom, index) => {
    for (const other of atoms.slice(0, index)) {
      largest = Math.max(largest, Math.abs(agree(atom, other, channels, shifts).value));
    }
  });
  return largest;
}

function agree(a: Float64Array, b: Float64Array, channels: number, shifts: boolean): Agreement {
  return shifts ? largestCrossCorrelation(a, b, channels) : { value: correlate(a, b, 0), shift: 0 };
}

/** Rounding can put the cosine above 1. */
function errorOf({ value }: Agreement): number {
  return Math.sqrt(Math.max(0, 1 - value * value));
}
