import { simulateHierarchy } from '@unrolled/data';
import { learnForward } from '@unrolled/deep-sparse';
import { learnDictionary } from '@unrolled/dictionary-learning';
import { dictionaryError } from '@unrolled/metrics';
import { difference } from './matrices.ts';
import type { Plan } from './plan.ts';

/** A hierarchy of one level beside plain dictionary learning, on the same examples. */
export interface OneLevelResult {
  readonly seed: number;
  /** The greatest difference of two entries, as a share of the greatest entry. */
  readonly difference: number;
  /** The mean error of the atoms of either. */
  readonly error: number;
  readonly plain: number;
}

/** Learns one level both ways, from atoms that are examples. */
export async function oneLevel(
  { hierarchy, examples }: Plan['one'],
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<OneLevelResult> {
  const { features, atoms, active } = hierarchy;
  const { signals, dictionaries } = simulateHierarchy({ features, atoms, active, examples, seed });
  const level = { atoms: atoms[0]!, weight: 0.1, epochs: 5, seed, constraint: 'sphere' } as const;
  const ours = await learnForward(signals, { levels: [{ ...level, refinements: 0 }], signal });
  const plain = await learnDictionary(signals, { ...level, signal });
  const errorOf = (learned: (typeof dictionaries)[number]): number =>
    dictionaryError(dictionaries[0]!, learned, { shifts: false }).mean;
  return {
    seed,
    difference: difference(ours.dictionaries[0]!.data, plain.atoms.data),
    error: errorOf(ours.dictionaries[0]!),
    plain: errorOf(plain.atoms),
  };
}
