import {
  refuse,
  requireInteger,
  requireKnownOptions,
  requireNonNegative,
  throwIfAborted,
} from '@unrolled/contracts';
import {
  type DictionaryEvent,
  type DictionaryLearningOptions,
  type HostExamples,
  learnDictionary,
} from '@unrolled/dictionary-learning';
import { type NdArray, ndArray } from '@unrolled/formats';
import { refine } from './refine.ts';

/** How one level is learned: the options of `learnDictionary` and two of its own. */
export interface LevelLearning extends Omit<DictionaryLearningOptions, 'prior' | 'weight' | 'checkpoint'> {
  /** λ of this level. */
  readonly weight: number;
  /** Entries of a code below this are zeros to the level above. Default: the weight. */
  readonly threshold?: number;
  /** Rounds of unbiased codes and the dictionary that is best for them, after `learnDictionary`. Default 5; 0 leaves its atoms alone. */
  readonly refinements?: number;
}

/** Options of {@link learnForward} and `learnBackward`. */
export interface HierarchyLearningOptions {
  /** From the data upwards. */
  readonly levels: readonly LevelLearning[];
  readonly signal?: AbortSignal;
  /** Told every event of every level, counted from 1. */
  readonly onProgress?: (level: number, event: DictionaryEvent) => void;
}

/** A hierarchy that was learned. */
export interface LearnedHierarchy {
  /** A¹ `[features, atoms]`, A² `[atoms of A¹, atoms]`, …: columns of unit norm. */
  readonly dictionaries: readonly NdArray<'float32'>[];
  /** The codes of the examples, level by level, as the level above was given them. */
  readonly codes: readonly NdArray<'float32'>[];
}

/**
 * Learns a hierarchy from the data upwards: a dictionary for the examples, their codes, a dictionary for the codes, and so on. With one
 * level and no refinements it is `learnDictionary`, and nothing else.
 *
 * @param examples `[examples, features]`
 * @throws INVALID_ARGUMENT where a level has more atoms than there are examples, or a weight or threshold is negative; what
 *   `learnDictionary` throws; ABORTED
 * @example
 * const { dictionaries, codes } = await learnForward(signals, { levels: [{ atoms: 40, weight: 0.1 }, { atoms: 40, weight: 0.1 }] });
 * @see Ba, "Deeply-sparse signal representations (DS²P)", IEEE Trans. Signal Processing 68 (2020), the forward algorithm
 */
export async function learnForward(
  examples: HostExamples,
  options: HierarchyLearningOptions,
): Promise<LearnedHierarchy> {
  const levels = requireLevels('learnForward', options);
  const dictionaries: NdArray<'float32'>[] = [];
  const codes: NdArray<'float32'>[] = [];
  let data = arrayOf(examples);
  for (const [index, level] of levels.entries()) {
    const { atoms, code } = await learnLevel(data, level, { index, ...options });
    dictionaries.push(atoms);
    codes.push(code);
    data = code;
  }
  return Object.freeze({ dictionaries, codes });
}

/** A dictionary for examples, and their codes. */
export async function learnLevel(
  data: NdArray<'float32'>,
  { threshold, refinements = 5, ...level }: LevelLearning,
  { index, signal, onProgress }: Omit<HierarchyLearningOptions, 'levels'> & { readonly index: number },
): Promise<{ readonly atoms: NdArray<'float32'>; readonly code: NdArray<'float32'> }> {
  throwIfAborted(signal);
  if (level.atoms > data.shape[0]!)
    refuse(`levels[${index}].atoms`, level.atoms, `at most the examples of this level, ${data.shape[0]}`);
  const { atoms } = await learnDictionary(data, {
    constraint: 'sphere',
    ...level,
    ...(signal && { signal }),
    ...(onProgress && { onProgress: (event: DictionaryEvent) => onProgress(index + 1, event) }),
  });
  return await refine(data, atoms, {
    weight: level.weight,
    threshold: threshold ?? level.weight,
    rounds: refinements,
  });
}

/** Refuses options that cannot be. */
export function requireLevels(name: string, options: HierarchyLearningOptions): readonly LevelLearning[] {
  requireKnownOptions(name, options, ['levels', 'signal', 'onProgress']);
  const { levels } = options;
  if (!Array.isArray(levels) || levels.length === 0) refuse('levels', levels, 'at least one level');
  for (const [index, { weight, threshold, refinements }] of (levels as readonly LevelLearning[]).entries()) {
    requireNonNegative(`levels[${index}].weight`, weight);
    if (threshold !== undefined) requireNonNegative(`levels[${index}].threshold`, threshold);
    if (refinements !== undefined) requireInteger(`levels[${index}].refinements`, refinements, 0);
  }
  return levels;
}

/** Examples as an array; what they are made of is checked by whoever learns from them. */
export const arrayOf = ({ data, shape }: HostExamples): NdArray<'float32'> =>
  ndArray(Float32Array.from(data), shape);
