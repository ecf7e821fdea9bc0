import type { Tensor } from '@tensorflow/tfjs-core';
import { refuse, UnrolledError } from './errors.ts';

/** A finite number, else an error that names the argument. */
export function requireFinite(name: string, value: number): number {
  if (typeof value !== 'number') refuse(name, value, 'a number');
  if (!Number.isFinite(value)) refuse(name, value, 'a finite number', 'NOT_FINITE');
  return value;
}

/** A finite number > 0. */
export function requirePositive(name: string, value: number): number {
  if (requireFinite(name, value) <= 0) refuse(name, value, 'a number > 0');
  return value;
}

/** A finite number ≥ 0. */
export function requireNonNegative(name: string, value: number): number {
  if (requireFinite(name, value) < 0) refuse(name, value, 'a number ≥ 0');
  return value;
}

/** A whole number ≥ `least`. */
export function requireInteger(name: string, value: number, least = 1): number {
  if (!Number.isSafeInteger(value) || value < least) refuse(name, value, `a whole number ≥ ${least}`);
  return value;
}

/** One of a list of values. */
export function requireOneOf<V extends string>(name: string, value: unknown, allowed: readonly V[]): V {
  if (!allowed.includes(value as V)) refuse(name, value, `one of ${allowed.join(', ')}`);
  return value as V;
}

/** Refuses options that are not among `known`: a misspelt option must not be silently ignored. */
export function requireKnownOptions(name: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new UnrolledError(
        'UNKNOWN_OPTION',
        `${name}: unknown option "${key}", expected ${known.join(', ') || 'none'}`,
      );
    }
  }
}

/** Every entry finite, else an error with the first index that is not. */
export function requireAllFinite(name: string, values: ArrayLike<number>): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(value)) {
      throw new UnrolledError(
        'NOT_FINITE',
        `${name}: expected finite numbers, got ${value} at index ${index}`,
      );
    }
  }
}

/** A tensor of this rank. */
export function requireRank(name: string, tensor: Tensor, rank: number, layout: string): void {
  if (tensor?.shape?.length !== rank) {
    const given = tensor?.shape ? `shape [${tensor.shape}]` : String(tensor);
    throw new UnrolledError('INVALID_SHAPE', `${name}: expected ${layout}, got ${given}`);
  }
}

/** A shape that matches a pattern; −1 in the pattern stands for any size. */
export function requireShape(
  name: string,
  shape: readonly number[],
  pattern: readonly number[],
  layout: string,
): void {
  const fits =
    shape.length === pattern.length && pattern.every((size, axis) => size === -1 || size === shape[axis]);
  if (!fits) {
    const expected = `[${pattern.map((size) => (size === -1 ? '·' : size)).join(', ')}]`;
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${name}: expected ${layout} of shape ${expected}, got [${shape.join(', ')}]`,
    );
  }
}

/** A tensor that broadcasts to `shape` without making it larger; `of` says whose shape that is. */
export function requireBroadcast(name: string, tensor: Tensor, shape: readonly number[], of: string): void {
  const missing = shape.length - tensor.shape.length;
  const fits =
    missing >= 0 && tensor.shape.every((size, axis) => size === 1 || size === shape[missing + axis]);
  if (!fits) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${name}: expected a shape that broadcasts to that of ${of} [${shape.join(', ')}], got [${tensor.shape.join(', ')}]`,
    );
  }
}

/** A float32 tensor. */
export function requireFloat(name: string, tensor: Tensor): void {
  if (tensor.dtype !== 'float32') {
    throw new UnrolledError('INVALID_DTYPE', `${name}: expected a float32 tensor, got ${tensor.dtype}`);
  }
}

/** A batch of signals that can be worked on: a float32 tensor `[batch, …]` with at least one entry. */
export function requireSignals(name: string, y: Tensor): void {
  if (!Array.isArray(y?.shape)) refuse(name, y, 'a tensor of signals');
  requireFloat(name, y);
  if (y.rank < 2 || y.size === 0) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${name}: expected a batch of signals [batch, …] with at least one entry, got [${y.shape.join(', ')}]`,
    );
  }
}

/** Throws an ABORTED error where the signal says so. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new UnrolledError('ABORTED', 'aborted', { cause: signal.reason });
}
