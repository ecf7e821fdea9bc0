import type { Network } from '@unrolled/contracts';
import { encodeSafetensors, type NdArray, parseSafetensors, type Safetensors } from '@unrolled/formats';
import { assignArrays, toArrays } from './arrays.ts';

/** All parameters of a network as plain arrays by name, trained or not, for any file format. */
export function networkArrays(
  network: Pick<Network, 'variables'>,
): Promise<Record<string, NdArray<'float32'>>> {
  return toArrays(network.variables);
}

/**
 * All parameters of a network as a `.safetensors` file.
 *
 * @param metadata strings that go into the file's header: the model, its settings
 * @example await writeFile('crsae.safetensors', await saveNetwork(network, { model: 'crsae', layers: '30' }));
 */
export async function saveNetwork(
  network: Pick<Network, 'variables'>,
  metadata: { readonly [name: string]: string } = {},
): Promise<Uint8Array> {
  return encodeSafetensors(await networkArrays(network), metadata);
}

/**
 * Sets a network's parameters from a file of `saveNetwork`, or from arrays by name. Changes all of them or, where anything does not
 * fit, none.
 *
 * @returns the file's metadata
 * @throws INVALID_FILE where a parameter is missing or unknown, INVALID_SHAPE, INVALID_DTYPE; with its name
 */
export function loadNetwork(
  network: Pick<Network, 'variables'>,
  saved: Uint8Array | { readonly [name: string]: NdArray },
): Safetensors['metadata'] {
  const { tensors: arrays, metadata } =
    saved instanceof Uint8Array ? parseSafetensors(saved) : { tensors: saved, metadata: {} };
  assignArrays({ variables: network.variables, arrays });
  return metadata;
}
