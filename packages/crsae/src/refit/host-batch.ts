import { requireAllFinite, requireShape } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';

/** Refuses what is not finite numbers of a layout such as `[batch, time, channels]`, so many axes, with at least one entry. */
export function requireHostBatch(name: string, array: HostExamples, layout: string, axes = 3): void {
  const { data, shape } = array;
  requireShape(name, shape, new Array<number>(axes).fill(-1), layout);
  const size = shape.reduce((product, length) => product * length, 1);
  requireShape(`${name}.data`, [data.length], [Math.max(1, size)], 'numbers for its shape');
  requireAllFinite(name, data);
}
