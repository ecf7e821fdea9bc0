import { z } from 'zod';

/** `network.safetensors`: what sorting another recording of the same electrodes needs, beside `templates.npy`. */
export const networkFile = 'network.safetensors';

const count = z.int().nonnegative();

/** The scalars and lists of a `Learned`: the arrays are tensors of the file, this is its metadata. */
export const learnedSchema = z.object({
  version: z.literal(1),
  frontEnd: z.object({
    rate: z.number().positive(),
    channels: z.int().positive(),
    usedChannels: z.array(count),
    band: z.object({ low: z.number().nonnegative(), high: z.number().positive(), reach: z.int().positive() }),
  }),
  duration: z.number().positive(),
  layers: z.int().positive(),
  norms: z.array(z.number()),
  peaks: z.array(z.object({ channel: count, sample: count })),
  statistics: z.array(
    z.object({
      amplitude: z.number(),
      deviation: z.number(),
      firingRate: z.number(),
      spikes: count,
      refractoryViolations: z.number(),
    }),
  ),
  history: z.array(
    z.object({ epoch: count, loss: z.number(), weights: z.array(z.number()), moved: z.array(z.number()) }),
  ),
  selection: z.array(
    z.object({ action: z.enum(['merge', 'drop', 'keep']), candidates: z.array(count), reason: z.string() }),
  ),
  seed: count,
});
