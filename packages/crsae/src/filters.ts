import type { Tensor } from '@tensorflow/tfjs-core';
import { type Operator, refuse, requireAllFinite, UnrolledError } from '@unrolled/contracts';
import { conv1d, conv2d } from '@unrolled/operators';

/** The convolution over as many axes as its filters have. */
export const convolutionOf = (filters: Tensor, stride: number): Operator<'filters'> =>
  filters.rank === 4 ? conv2d(filters, { stride }) : conv1d(filters, { stride });

/** How many filters there are. */
export const atomsOf = ({ shape }: Tensor): number => shape.at(-1)!;

/** Refuses filters that no training could begin with: a zero filter has no gradient and no place on the sphere. */
export async function requireFilters(filters: Tensor): Promise<void> {
  const rank = filters?.shape?.length;
  if (rank !== 3 && rank !== 4) {
    const given = rank === undefined ? String(filters) : `shape [${filters.shape}]`;
    throw new UnrolledError(
      'INVALID_SHAPE',
      `filters: expected filters [time, channels, atoms] or [height, width, channels, atoms], got ${given}`,
    );
  }
  const values = await filters.data();
  requireAllFinite('filters', values);
  const atoms = atomsOf(filters);
  for (let atom = 0; atom < atoms; atom++) {
    if (values.every((value, index) => index % atoms !== atom || value === 0))
      refuse('filters', `zero for atom ${atom}`, 'filters that are not zero');
  }
}
