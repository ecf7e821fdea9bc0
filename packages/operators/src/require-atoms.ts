import type { Tensor } from '@tensorflow/tfjs-core';
import { refuse, requireAllFinite, requireFloat } from '@unrolled/contracts';

/**
 * Refuses atoms that no training could begin with: one that is zero has no gradient and no place on the sphere. Reads the device.
 *
 * @param name of the argument, for the message
 * @param atoms float32 `[features…, atoms]`
 * @throws INVALID_DTYPE; NOT_FINITE for a NaN or infinity; INVALID_ARGUMENT for an atom that is zero, with its number
 * @example await requireAtoms('filters', tf.ones([5, 1, 3]));
 */
export async function requireAtoms(name: string, atoms: Tensor): Promise<void> {
  requireFloat(name, atoms);
  const values = await atoms.data();
  requireAllFinite(name, values);
  const count = atoms.shape.at(-1)!;
  const filled = new Uint8Array(count);
  values.forEach((value, index) => {
    if (value !== 0) filled[index % count] = 1;
  });
  const zero = filled.indexOf(0);
  if (zero >= 0) refuse(name, `zero for atom ${zero}`, `${name} that are not zero`);
}
