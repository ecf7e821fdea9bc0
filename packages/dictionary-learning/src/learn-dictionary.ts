import type { NdArray } from '@unrolled/formats';
import { dictionaryLearning } from './dictionary-learning.ts';
import type { DictionaryEvent } from './events.ts';
import type { Examples } from './examples.ts';
import type { DictionaryLearningOptions } from './options.ts';

/** What was learned. */
export interface LearnedDictionary {
  /** D, float32 `[features, atoms]`. */
  readonly atoms: NdArray<'float32'>;
  /** The mean objective of every epoch of this call, in their order. */
  readonly objectives: readonly number[];
  readonly reason: 'epochs' | 'tolerance';
  /** Batches done in all. */
  readonly steps: number;
}

/**
 * Learns a dictionary, and gives it when it is done: {@link dictionaryLearning} without the loop.
 *
 * @param options.onProgress told every event
 * @example
 * const { atoms } = await learnDictionary(patches, { atoms: 100, weight: 0.15 });
 * const operator = dense(tf.tensor(atoms.data, [...atoms.shape]));
 */
export async function learnDictionary(
  data: Examples,
  options: DictionaryLearningOptions & { readonly onProgress?: (event: DictionaryEvent) => void },
): Promise<LearnedDictionary> {
  const { onProgress, ...others } = options;
  const objectives: number[] = [];
  for await (const event of dictionaryLearning(data, others)) {
    onProgress?.(event);
    if (event.type === 'epoch') objectives.push(event.objective);
    if (event.type === 'end') {
      const { atoms, reason, step } = event;
      return Object.freeze({ atoms, objectives: Object.freeze(objectives), reason, steps: step });
    }
  }
  throw new Error('unreachable: the last event is the end');
}
