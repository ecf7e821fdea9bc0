import { fileURLToPath } from 'node:url';
import { UnrolledError } from '@unrolled/contracts';
import { parseSafetensors } from '@unrolled/formats';
import type { Size } from '@unrolled/images';
import { atomsOf, type Lsalsa, loadLsalsa } from '@unrolled/lsalsa';
import { z } from 'zod';

/** The model that ships with this package. Sources and build lie at the same depth below it. */
export const shippedModel: string = fileURLToPath(
  new URL('../../models/digits-and-textures.safetensors', import.meta.url),
);

/** What a separating network needs to be told of pictures. */
export interface SeparationModel {
  readonly network: Lsalsa;
  /** The tile that the network sees at a time. */
  readonly patch: Size;
  /** What is subtracted from a picture first, and given to its last component: nothing, or the level of where nothing else is. */
  readonly level: 'none' | 'background';
  /** The names of the components, where the model has them. */
  readonly names: readonly string[];
}

/** What the file of a model says of it, besides the network. */
const notesSchema = z.object({
  patchHeight: z.coerce.number().int().positive().optional(),
  patchWidth: z.coerce.number().int().positive().optional(),
  level: z.enum(['none', 'background']).default('none'),
  names: z
    .string()
    .transform((text) => text.split(','))
    .optional(),
});

/** As the file of a model is told: the inverse of reading them. */
export function notesOf(model: Omit<SeparationModel, 'network'>): { readonly [name: string]: string } {
  const { patch, level, names } = model;
  return {
    patchHeight: String(patch.height),
    patchWidth: String(patch.width),
    level,
    names: names.join(','),
  };
}

/**
 * The model in a file of `saveLsalsa`. One that does not say how its patches lie has square ones.
 *
 * @throws UnrolledError INVALID_FILE where it is no such file, or its features are no patch
 */
export async function loadSeparationModel(bytes: Uint8Array): Promise<SeparationModel> {
  const parsed = notesSchema.safeParse(parseSafetensors(bytes).metadata);
  if (!parsed.success)
    throw new UnrolledError('INVALID_FILE', `model: its notes are not as we write them: ${parsed.error}`);
  const { patchHeight, patchWidth, level, names } = parsed.data;
  const network = await loadLsalsa(bytes);
  const atoms = atomsOf(network);
  const features = atoms[0]!.shape[0]!;
  const side = Math.round(Math.sqrt(features));
  const patch = { height: patchHeight ?? side, width: patchWidth ?? side };
  if (patch.height * patch.width !== features || atoms.length < 2) {
    network.dispose();
    const what =
      atoms.length < 2
        ? 'one dictionary, and separating takes two'
        : `${features} features, which are no ${patch.height} × ${patch.width} pixels`;
    throw new UnrolledError('INVALID_FILE', `model: it has ${what}`);
  }
  const numbered = atoms.map((_, index) => names?.[index] ?? `component ${index + 1}`);
  return Object.freeze({ network, patch, level, names: numbered });
}
