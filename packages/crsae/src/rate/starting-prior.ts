import { requirePositive } from '@unrolled/contracts';
import type { Stage } from '@unrolled/unroll';
import type { NoiseLevel } from '../noise-level.ts';
import { type GammaPrior, gammaPrior, requirePrior } from './gamma-prior.ts';
import { ratesOf } from './rates-of.ts';

/** How many windows the prior weighs as much as: the paper's r = 2000 for the 25² positions of an image. */
const windows = 3;

/** The prior of a sparsity rule, and the stages that have to run before it is asked for. */
export interface StartingPrior {
  readonly stages: readonly Stage[];
  /** @param codeLength N_e */
  at(codeLength: number): GammaPrior;
}

/**
 * The prior that was given, else one around the mean rate that training begins with, of the weight of three windows.
 *
 * Where training began is remembered by checkpoints: a run that is resumed has the same prior.
 */
export function startingPrior(noise: NoiseLevel, prior: GammaPrior | undefined): StartingPrior {
  if (prior !== undefined) {
    requirePrior(prior);
    return { stages: [], at: () => prior };
  }
  let mean: number | undefined;
  const remember: Stage = {
    name: 'rate prior',
    memory: {
      save: () => mean ?? null,
      load: (saved) => {
        mean = saved === null ? undefined : Number(saved);
      },
    },
    update: async ({ network }) => {
      if (mean !== undefined) return undefined;
      const rates = await ratesOf(network, noise);
      const found = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
      mean = requirePositive('the mean weight that training begins with', found);
      return undefined;
    },
  };
  return {
    stages: [remember],
    at: (codeLength) => gammaPrior({ mean: mean!, windows, codeLength }),
  };
}
