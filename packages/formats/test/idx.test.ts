import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { encodeIdx, type NdArray, ndArray, parseIdx } from '../src/index.ts';
import { anyArray, hex } from './fixtures.ts';

const storable = new Set(['uint8', 'int8', 'int16', 'int32', 'float32', 'float64']);
const anyStorable = anyArray.filter(({ dtype }) => storable.has(dtype));

describe('idx: round trips', () => {
  it('gives back any array of its types, plain or gzipped', () => {
    fc.assert(
      fc.property(anyStorable, fc.boolean(), (array, zipped) => {
        const bytes = encodeIdx(array);
        expect(parseIdx(zipped ? gzipSync(bytes) : bytes)).toEqual(array);
      }),
    );
  });

  it('refuses to write types that the format does not have', () => {
    expect(() => encodeIdx(ndArray(Uint16Array.of(1)))).toThrow(/array\.dtype.*uint8.*got "uint16"/);
    expect(() => encodeIdx(ndArray(BigInt64Array.of(1n)))).toThrow(/array\.dtype/);
  });
});

describe('idx: the format', () => {
  it.each<[string, string, NdArray]>([
    [
      'uint8',
      '00000802 00000002 00000003 0001 02fd feff',
      ndArray(Uint8Array.of(0, 1, 2, 253, 254, 255), [2, 3]),
    ],
    ['int8', '00000901 00000002 ff7f', ndArray(Int8Array.of(-1, 127))],
    ['int16', '00000b01 00000002 0102 fffe', ndArray(Int16Array.of(258, -2))],
    ['int32', '00000c01 00000001 00010203', ndArray(Int32Array.of(66051))],
    ['float32', '00000d01 00000001 3fc00000', ndArray(Float32Array.of(1.5))],
    ['float64', '00000e01 00000001 c004000000000000', ndArray(Float64Array.of(-2.5))],
    ['no example', '00000803 00000000 0000001c 0000001c', ndArray(new Uint8Array(0), [0, 28, 28])],
  ])('reads %s as the specification has it', (_, digits, expected) => {
    expect(parseIdx(hex(digits))).toEqual(expected);
  });

  it('reads bytes that lie anywhere in memory', () => {
    const padded = hex('ffffff 00000b01 00000001 0102');
    expect(parseIdx(padded.subarray(3))).toEqual(ndArray(Int16Array.of(258)));
  });
});

describe('idx: what is refused', () => {
  it.each([
    ['', /the file is empty/],
    ['0000', /truncated in the header, 2 bytes/],
    ['00010801 00000001 05', /not an idx file/],
    ['89504e47', /not an idx file/],
    ['00000a01 00000001 05', /type of numbers among 8, 9.*found 10/],
    ['00000802 00000001', /truncated in the header, expected 12 bytes for 2 axes, found 8/],
    ['00000801 00000003 0506', /truncated, expected 3 bytes of uint8 \[3\], found 2/],
    ['00000801 00000001 0506', /too long, expected 1 bytes of uint8 \[1\], found 2/],
    ['00000b01 00000001 05', /truncated, expected 2 bytes of int16/],
    ['00000803 ffffffff ffffffff ffffffff 05', /truncated/],
  ])('%s', (digits, message) => {
    expect(() => parseIdx(hex(digits))).toThrow(message);
  });

  it('a gzipped file cut anywhere, damaged anywhere, or with something behind it', () => {
    const labels = ndArray(Uint8Array.from({ length: 300 }, (_, index) => (index * index) % 251));
    const whole = gzipSync(encodeIdx(labels));
    expect(parseIdx(whole)).toEqual(labels);
    for (let length = 2; length < whole.length; length++) {
      expect(() => parseIdx(whole.subarray(0, length)), `cut after ${length}`).toThrow(
        /idx: not a whole gzip/,
      );
    }
    let refused = 0;
    for (let at = 2; at < whole.length; at++) {
      const damaged = whole.slice();
      damaged[at]! ^= 0x10;
      try {
        // The time in the header says nothing of the content, nor do the last bits before the checksum.
        expect(parseIdx(damaged), `damaged at ${at}`).toEqual(labels);
      } catch (error) {
        expect(String(error), `damaged at ${at}`).toMatch(/idx: /);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(whole.length - 14);
    expect(() => parseIdx(Uint8Array.of(...whole, 0))).toThrow(/bytes behind its end/);
  });
});

const mnist = '../shared/data/mnist/test-2000';
const here = new URL(`../../../${mnist}-images-idx3-ubyte.gz`, import.meta.url);
if (!existsSync(here)) console.warn(`skipped: ${mnist}-images-idx3-ubyte.gz is not there`);

it.skipIf(!existsSync(here))('reads MNIST', () => {
  const images = parseIdx(readFileSync(here));
  const labels = parseIdx(readFileSync(new URL(`../../../${mnist}-labels-idx1-ubyte.gz`, import.meta.url)));
  expect(images.shape).toEqual([2000, 28, 28]);
  // The official test set starts with these digits.
  expect(Array.from(labels.data.subarray(0, 8), Number)).toEqual([7, 2, 1, 0, 4, 1, 4, 9]);
});
