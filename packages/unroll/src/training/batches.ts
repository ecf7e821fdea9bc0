import * as tf from '@tensorflow/tfjs-core';
import { Tensor } from '@tensorflow/tfjs-core';
import { type Random, refuse, requireAllFinite, requireInteger, requireShape } from '@unrolled/contracts';

/** Batches of examples, epoch by epoch. A batch is the caller's: whoever asked for it disposes of it. */
export interface BatchSource<B = Tensor> {
  /** Batches of an epoch where that is known: for progress. */
  readonly batches?: number;
  /** The batches of one epoch; `random` alone decides what they are and in which order. */
  epoch(random: Random): Iterable<B> | AsyncIterable<B>;
}

/** Examples on the host: `[examples, …]`, the last axis fastest. */
export interface HostExamples {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Examples that minibatches can be made of: a tensor `[examples, …]`, tensors of one shape, one an example, or an array on the host. */
export type Examples = Tensor | readonly Tensor[] | HostExamples;

/** What `train` draws its batches from, whatever it was given: examples, a source, or the generator of an epoch's batches. */
export function batchSource<B>(
  examples: Examples | BatchSource<B> | BatchSource<B>['epoch'],
  batchSize = 32,
): BatchSource<B> {
  if (typeof examples === 'function') return { epoch: examples };
  if (typeof (examples as BatchSource<B>)?.epoch === 'function') return examples as BatchSource<B>;
  // Batches of examples are tensors; `B` is anything else only where the source is the caller's own, as the overloads of `train` say.
  return minibatches(examples as Examples, batchSize) as BatchSource<unknown> as BatchSource<B>;
}

/** Frees a batch, whatever it is made of. */
export function disposeBatch(batch: unknown): void {
  tf.dispose(batch as tf.TensorContainer);
}

/** The examples in a batch: the first axis of the first of its tensors. */
export function sizeOfBatch(batch: unknown): number {
  if (batch instanceof Tensor) return batch.shape[0] ?? 1;
  const parts = batch !== null && typeof batch === 'object' ? Object.values(batch) : [];
  return parts.length > 0 ? sizeOfBatch(parts[0]) : 1;
}

/**
 * Shuffled minibatches of a set of examples. The last batch of an epoch is smaller where `batchSize` does not divide their number.
 *
 * @param examples a tensor `[examples, …]`, or tensors of one shape, one an example (both lent), or an array on the host
 * @throws INVALID_SHAPE for no examples; NOT_FINITE for a NaN or infinity on the host, with its index
 */
export function minibatches(examples: Examples, batchSize: number): BatchSource {
  const count = requireExamples('examples', examples);
  return shuffled(count, batchSize, (indices) => rows(examples, indices));
}

/** Signals, and what the network should make of them. */
export interface Pair {
  readonly input: Tensor;
  readonly target: Tensor;
}

/**
 * Shuffled minibatches of examples with a target each, for `codeError` or a loss of one's own.
 *
 * @param input as of `minibatches`
 * @param target as many as there are inputs, of any shape
 * @throws INVALID_SHAPE for no examples, or targets that are not as many; NOT_FINITE
 * @example
 * for await (const event of train(network, pairedMinibatches(signals, codes, 100), { stages, epochs: 30 })) …
 */
export function pairedMinibatches(input: Examples, target: Examples, batchSize: number): BatchSource<Pair> {
  const count = requireExamples('input', input);
  requireShape('target', [requireExamples('target', target)], [count], 'as many targets as inputs');
  return shuffled(count, batchSize, (indices) => ({
    input: rows(input, indices),
    target: rows(target, indices),
  }));
}

/** Batches of a permutation of `count` examples. */
function shuffled<B>(count: number, batchSize: number, batch: (indices: Int32Array) => B): BatchSource<B> {
  requireInteger('batchSize', batchSize);
  return Object.freeze<BatchSource<B>>({
    batches: Math.ceil(count / batchSize),
    *epoch(random: Random) {
      const order = random.permutation(count);
      for (let start = 0; start < count; start += batchSize)
        yield batch(order.subarray(start, start + batchSize));
    },
  });
}

/** Refuses what no batches can be made of, and counts the examples. */
function requireExamples(name: string, examples: Examples): number {
  const shape = shapeOf(name, examples);
  if (!shape || shape.length < 2 || shape.some((size) => size === 0))
    refuse(name, shape ?? examples, 'examples [examples, …], at least one', 'INVALID_SHAPE');
  if ('data' in examples && !(examples instanceof Tensor)) requireHost(name, examples);
  return shape[0]!;
}

/** The shape of all examples together; undefined where they are no examples. */
function shapeOf(name: string, examples: Examples): readonly number[] | undefined {
  if (!Array.isArray(examples)) return (examples as Tensor | HostExamples)?.shape;
  const list: readonly Tensor[] = examples;
  const [first] = list;
  for (const [index, { shape }] of list.entries()) {
    requireShape(`${name}[${index}]`, shape, first!.shape, 'an example like the first');
  }
  return [list.length, ...(first?.shape ?? [])];
}

function requireHost(name: string, { data, shape }: HostExamples): void {
  requireShape(
    `${name}.data`,
    [data.length],
    [shape.reduce((size, length) => size * length, 1)],
    'numbers for its shape',
  );
  requireAllFinite(name, data);
}

/** Some of the examples, as a fresh tensor. */
function rows(examples: Examples, indices: Int32Array): Tensor {
  if (examples instanceof Tensor) return tf.tidy(() => tf.gather(examples, tf.tensor1d(indices, 'int32')));
  if (!('data' in examples)) return tf.stack(Array.from(indices, (index) => examples[index]!));
  const [, ...inner] = examples.shape;
  const size = inner.reduce((product, length) => product * length, 1);
  const data = new Float32Array(indices.length * size);
  indices.forEach((index, row) => {
    data.set(examples.data.subarray(index * size, (index + 1) * size), row * size);
  });
  return tf.tensor(data, [indices.length, ...inner]);
}
