import { requireShape } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import type { Crsae } from './crsae.ts';
import { requireHostBatch } from './refit/host-batch.ts';

/** Are a network's signals images, not windows over time? */
export const isOfImages = (network: Crsae): boolean =>
  network.problem().operator.parameters.filters.rank === 4;

/** Refuses windows, or images, that a network's filters do not fit. */
export function requireWindows(name: string, windows: HostExamples, network: Crsae): void {
  const { operator } = network.problem();
  const { filters } = operator.parameters;
  const layout = isOfImages(network) ? '[images, height, width, channels]' : '[windows, time, channels]';
  requireHostBatch(name, windows, layout, filters.rank);
  const pattern = windows.shape.map((_, axis) => (axis === filters.rank - 1 ? filters.shape.at(-2)! : -1));
  requireShape(name, windows.shape, pattern, layout);
  operator.codeShape(windows.shape);
}

/** At most so many of the windows, at even distances. */
export function spread({ data, shape }: HostExamples, most: number): HostExamples {
  const [examples, ...inner] = shape as [number, ...number[]];
  if (examples <= most) return { data, shape };
  const size = data.length / examples;
  const some = new Float32Array(most * size);
  for (let row = 0; row < most; row++) {
    const start = Math.floor((row * examples) / most) * size;
    some.set(data.subarray(start, start + size), row * size);
  }
  return { data: some, shape: [most, ...inner] };
}
