import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import * as contracts from '../src/index.ts';

const tensor = (shape: number[], dtype = 'float32'): Tensor => ({ shape, dtype }) as unknown as Tensor;

describe('checks name the argument, what was given and what is expected', () => {
  it.each([
    [
      () => contracts.requireFinite('weight', Number.NaN),
      'weight: expected a finite number, got NaN',
      'NOT_FINITE',
    ],
    [
      () => contracts.requireFinite('weight', '3' as never),
      'weight: expected a number, got "3"',
      'INVALID_ARGUMENT',
    ],
    [() => contracts.requirePositive('rate', 0), 'rate: expected a number > 0, got 0', 'INVALID_ARGUMENT'],
    [
      () => contracts.requireNonNegative('weight', -1),
      'weight: expected a number ≥ 0, got -1',
      'INVALID_ARGUMENT',
    ],
    [
      () => contracts.requireInteger('layers', 1.5),
      'layers: expected a whole number ≥ 1, got 1.5',
      'INVALID_ARGUMENT',
    ],
    [
      () => contracts.requireOneOf('mode', 'c', ['a', 'b']),
      'mode: expected one of a, b, got "c"',
      'INVALID_ARGUMENT',
    ],
    [
      () => contracts.requireKnownOptions('fista', { stepp: 1 }, ['step']),
      'fista: unknown option "stepp", expected step',
      'UNKNOWN_OPTION',
    ],
    [
      () => contracts.requireAllFinite('y', [1, Number.POSITIVE_INFINITY]),
      'y: expected finite numbers, got Infinity at index 1',
      'NOT_FINITE',
    ],
    [
      () => contracts.requireRank('y', tensor([2]), 3, '[batch, time, channels]'),
      'y: expected [batch, time, channels], got shape [2]',
      'INVALID_SHAPE',
    ],
    [
      () => contracts.requireShape('y', [2, 3], [-1, 4], 'signals'),
      'y: expected signals of shape [·, 4], got [2, 3]',
      'INVALID_SHAPE',
    ],
    [
      () => contracts.requireFloat('y', tensor([2], 'int32')),
      'y: expected a float32 tensor, got int32',
      'INVALID_DTYPE',
    ],
    [() => contracts.throwIfAborted(AbortSignal.abort()), 'aborted', 'ABORTED'],
  ])('%s', (call, message, code) => {
    try {
      call();
    } catch (error) {
      expect((error as Error).message).toBe(message);
      expect(contracts.isUnrolledError(error, code as contracts.ErrorCode)).toBe(true);
      return;
    }
    expect.unreachable();
  });

  it('lets good values through', () => {
    expect(contracts.requirePositive('a', 2)).toBe(2);
    expect(contracts.requireInteger('a', 0, 0)).toBe(0);
    contracts.requireShape('y', [2, 4], [-1, 4], 'signals');
    contracts.requireKnownOptions('f', { step: 1 }, ['step']);
    contracts.throwIfAborted(undefined);
  });
});

describe('names', () => {
  const weight = tensor([]);
  it('prefixes and strips, nested names included', () => {
    const whole = contracts.prefixNames('operator', { 'outer.atoms': weight, 'inner.atoms': weight });
    expect(Object.keys(whole)).toEqual(['operator.outer.atoms', 'operator.inner.atoms']);
    expect(Object.keys(contracts.withoutPrefix('operator.outer', whole))).toEqual(['atoms']);
    // 'operators' is another part, not a longer 'operator'.
    expect(contracts.withoutPrefix('operator', { 'operators.atoms': weight })).toEqual({});
  });
});
