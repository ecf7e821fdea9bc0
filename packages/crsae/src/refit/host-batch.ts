import { requireAllFinite, requireShape } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';

/** Refuses what is not finite numbers `[batch, time, …]` with at least one entry. */
export function requireHostBatch(name: string, array: HostExamples, layout: string): void {
  const { data, shape } = array;
  requireShape(name, shape, [-1, -1, -1], layout);
  const size = shape.reduce((product, length) => product * length, 1);
  requireShape(`${name}.data`, [data.length], [Math.max(1, size)], 'numbers for its shape');
  requireAllFinite(name, data);
}
