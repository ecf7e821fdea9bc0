import * as tf from '@tensorflow/tfjs-core';
import { UnrolledError } from '@unrolled/contracts';
import type { Progress } from '../saving/checkpoint.ts';
import type { Run } from './run.ts';

/** A validation loss, and what it means for early stopping. */
export interface Verdict {
  readonly progress: Pick<Progress, 'best' | 'waited'>;
  readonly report: { readonly validation?: number; readonly best?: boolean };
}

/**
 * The validation loss after an epoch; keeps a copy of the parameters where it is the best so far and the run keeps any.
 *
 * @throws DIVERGED where it is not finite
 */
export async function validate<B>({ network, options, progress, best: kept }: Run<B>): Promise<Verdict> {
  const { validation } = options;
  if (!validation) return { progress: { best: progress.best, waited: progress.waited }, report: {} };
  const scalar = tf.tidy(() => validation(network));
  const loss = (await scalar.data())[0]!;
  scalar.dispose();
  if (!Number.isFinite(loss)) throw new UnrolledError('DIVERGED', `validation: the loss is ${loss}`);
  const best = progress.best === null || loss < progress.best;
  if (best) for (const [name, variable] of Object.entries(kept)) variable.assign(network.variables[name]!);
  return {
    progress: best ? { best: loss, waited: 0 } : { best: progress.best, waited: progress.waited + 1 },
    report: { validation: loss, best },
  };
}
