import { requireKnownOptions } from '@unrolled/contracts';
import { saveNetwork } from '@unrolled/unroll';
import { formatDescription } from './description.ts';
import type { ModelDenoiser } from './model-denoiser.ts';

/**
 * A denoiser as a `.safetensors` file that `loadDenoiser` reads: its parameters by their names, its description in the header.
 *
 * @param notes who made it, and by which command
 * @throws UNKNOWN_OPTION
 * @example writeFileSync('mine.safetensors', await saveDenoiser(denoiser, { command: 'unrolled train denoise pictures …' }));
 */
export async function saveDenoiser(
  denoiser: ModelDenoiser,
  notes: { readonly software?: string; readonly command?: string } = {},
): Promise<Uint8Array> {
  requireKnownOptions('notes', notes, ['software', 'command']);
  return saveNetwork(denoiser.network, formatDescription({ ...denoiser.description, ...notes }));
}
