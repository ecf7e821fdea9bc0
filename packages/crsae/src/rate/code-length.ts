import type { Tensor } from '@tensorflow/tfjs-core';
import { UnrolledError } from '@unrolled/contracts';

/**
 * N_e, the positions of an atom in a code: those in time, or rows times columns.
 *
 * @param codes `[batch, positions, atoms]` or `[batch, rows, columns, atoms]`
 * @throws INVALID_SHAPE
 */
export function codeLengthOf(codes: Tensor): number {
  const rank = codes?.shape?.length;
  if (rank !== 3 && rank !== 4) {
    const given = rank === undefined ? String(codes) : `shape [${codes.shape}]`;
    throw new UnrolledError(
      'INVALID_SHAPE',
      `codes: expected [batch, positions, atoms] or [batch, rows, columns, atoms], got ${given}`,
    );
  }
  return codes.shape.slice(1, -1).reduce((product, length) => product * length, 1);
}
