import { UnrolledError } from '@unrolled/contracts';
import type { Recording } from '@unrolled/data';
import type { Learned } from './learned.ts';
import type { WorkOptions } from './progress.ts';

/** Options of `learnTemplates`. */
export interface LearnOptions extends WorkOptions {
  /** How many units there are, or `'auto'` (default): as many as the selection criterion keeps. */
  readonly units?: 'auto' | number;
  /** Length of a template, seconds. Default 0.003. */
  readonly duration?: number;
  /** Sampling rate, Hz. Default: the recording's own. */
  readonly rate?: number;
  /** Layers of the unrolled encoder. */
  readonly layers?: number;
  /** Passes over the training windows. */
  readonly epochs?: number;
  /** Default 0. */
  readonly seed?: number;
}

export async function learnTemplates(_recording: Recording, _options: LearnOptions = {}): Promise<Learned> {
  throw new UnrolledError('UNAVAILABLE', 'learnTemplates: not there yet');
}
