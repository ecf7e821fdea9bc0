import { refuse, requireAllFinite, requireShape } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';

/** Refuses what is not `[examples, features]`, whole, finite, and at least one. Gives both lengths. */
export function requireExamples(name: string, examples: HostExamples): readonly [number, number] {
  const { data, shape } = examples ?? {};
  if (!Array.isArray(shape) || !(data instanceof Float32Array))
    refuse(name, examples, 'examples { data, shape }, data a Float32Array');
  requireShape(name, shape, [-1, -1], 'examples [examples, features]');
  const [count, features] = examples.shape as readonly [number, number];
  if (!(count >= 1 && features >= 1))
    refuse(name, shape, 'at least one example of one feature', 'INVALID_SHAPE');
  requireShape(`${name}.data`, [data.length], [count * features], 'numbers for its shape');
  requireAllFinite(name, data);
  return [count, features];
}

/** One example. Lent. */
export function exampleAt({ data, shape }: HostExamples, index: number): Float32Array {
  const features = shape[1]!;
  return data.subarray(index * features, (index + 1) * features);
}

/** At most so many examples, at even distances. Copies where there are more. */
export function spread(examples: HostExamples, most: number): HostExamples {
  const [count, features] = examples.shape as readonly [number, number];
  if (count <= most) return examples;
  const data = new Float32Array(most * features);
  for (let row = 0; row < most; row++)
    data.set(exampleAt(examples, Math.floor((row * count) / most)), row * features);
  return { data, shape: [most, features] };
}

/**
 * Examples of norm 1, in float64 and then rounded: λ then means the same for faint examples as for bright ones.
 *
 * @param examples `[examples, features]`
 * @returns fresh examples of the same shape
 * @throws INVALID_ARGUMENT for an example that is zero, which has no direction, with its index; INVALID_SHAPE; NOT_FINITE
 * @example const { data } = unitNorm({ data: Float32Array.of(3, 4), shape: [1, 2] }); // 0.6, 0.8
 */
export function unitNorm(examples: HostExamples): HostExamples {
  const [count, features] = requireExamples('examples', examples);
  const data = new Float32Array(count * features);
  for (let index = 0; index < count; index++) {
    const example = exampleAt(examples, index);
    const norm = Math.sqrt(example.reduce((sum, value) => sum + value * value, 0));
    if (norm === 0) refuse('examples', `zeros for example ${index}`, 'examples that have a norm');
    example.forEach((value, feature) => {
      data[index * features + feature] = value / norm;
    });
  }
  return { data, shape: [count, features] };
}
