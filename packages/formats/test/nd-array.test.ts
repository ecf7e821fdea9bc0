import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRaw, ndArray, parseRaw, transpose } from '../src/index.ts';
import { anyArray, hex } from './fixtures.ts';

describe('ndArray', () => {
  it('knows its number type and guards its shape', () => {
    expect(ndArray(Float32Array.of(1, 2))).toEqual({
      data: Float32Array.of(1, 2),
      shape: [2],
      dtype: 'float32',
    });
    expect(() => ndArray(new Int16Array(5), [2, 3])).toThrow(
      'data: expected 6 numbers for shape [2, 3], got 5',
    );
    expect(() => ndArray(new Int16Array(5), [-5])).toThrow('shape');
    expect(() => ndArray([1, 2] as never)).toThrow('data: expected a typed array, got [1, 2]');
  });
});

describe('transpose', () => {
  it('moves every number to its place', () => {
    const templates = ndArray(
      Int8Array.of(111, 112, 121, 122, 131, 132, 211, 212, 221, 222, 231, 232),
      [2, 3, 2],
    );
    // [units, time, channels] → [time, channels, units]
    expect(transpose(templates, [1, 2, 0])).toEqual(
      ndArray(Int8Array.of(111, 211, 112, 212, 121, 221, 122, 222, 131, 231, 132, 232), [3, 2, 2]),
    );
  });

  it('is undone by the inverse order', () => {
    const ordered = anyArray.chain((array) =>
      fc.tuple(
        fc.constant(array),
        fc.shuffledSubarray([...array.shape.keys()], { minLength: array.shape.length }),
      ),
    );
    fc.assert(
      fc.property(ordered, ([array, axes]) => {
        const inverse = axes.map((_, axis) => axes.indexOf(axis));
        expect(transpose(transpose(array, axes), inverse)).toEqual(array);
      }),
    );
  });

  it('refuses what is no order of the axes', () => {
    const array = ndArray(new Float32Array(4), [2, 2]);
    expect(() => transpose(array, [0])).toThrow('axes: expected an order of the 2 axes');
    expect(() => transpose(array, [0, 0])).toThrow('axes: expected an order of the 2 axes');
  });
});

describe('raw samples', () => {
  it('reads what it writes, as [time, channels]', () => {
    const array = ndArray(Int16Array.of(1, -2, 3, -4), [2, 2]);
    expect(encodeRaw(array)).toEqual(hex('0100feff0300fcff'));
    expect(parseRaw(encodeRaw(array), { dtype: 'int16', channels: 2 })).toEqual(array);
    expect(parseRaw(hex('0001'), { dtype: 'int16', littleEndian: false })).toEqual(
      ndArray(Int16Array.of(1), [1, 1]),
    );
  });

  it('refuses an empty file and one that the channels do not divide', () => {
    expect(() => parseRaw(new Uint8Array(0), { dtype: 'int16' })).toThrow('raw: the file is empty');
    expect(() => parseRaw(new Uint8Array(6), { dtype: 'int16', channels: 2 })).toThrow(
      'raw: expected a multiple of 4 bytes (2 channels of int16), found 6',
    );
  });
});
