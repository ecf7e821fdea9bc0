import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors, ndArray, parseSafetensors } from '../src/index.ts';
import { anyArray, hex } from './fixtures.ts';

/** A file with this header, whatever it says. */
function file(header: unknown, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(body, 8 + json.length);
  return bytes;
}

const names = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__metadata__');

describe('safetensors: round trips', () => {
  it('gives back any arrays and notes', () => {
    const notes = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 });
    fc.assert(
      fc.property(fc.dictionary(names, anyArray, { maxKeys: 5 }), notes, (tensors, metadata) => {
        const back = parseSafetensors(encodeSafetensors(tensors, metadata));
        expect(new Map(Object.entries(back.tensors))).toEqual(new Map(Object.entries(tensors)));
        expect(Object.entries(back.metadata)).toEqual(Object.entries(metadata));
      }),
    );
  });

  it('writes the same bytes in whatever order the arrays are named, the numbers aligned', () => {
    const a = ndArray(Uint8Array.of(1, 2, 3));
    const b = ndArray(Float64Array.of(4));
    const bytes = encodeSafetensors({ a, b });
    expect(encodeSafetensors({ b, a })).toEqual(bytes);
    expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
    expect(Array.from(bytes.subarray(-3))).toEqual([1, 2, 3]);
  });

  it('keeps the name __metadata__ for notes', () => {
    expect(() => encodeSafetensors({ __metadata__: ndArray(Uint8Array.of(1)) })).toThrow('reserved');
  });
});

describe('safetensors: the format', () => {
  it('reads a file of the specification, 16-bit floats widened', () => {
    const header = {
      __metadata__: { format: 'pt' },
      half: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
      brain: { dtype: 'BF16', shape: [1, 2], data_offsets: [4, 8] },
      flag: { dtype: 'BOOL', shape: [], data_offsets: [8, 9] },
    };
    // 0x3c00 = 1 and 0xc000 = −2 as float16; 0x3f80 = 1 and 0xc040 = −3 as bfloat16.
    const { tensors, metadata } = parseSafetensors(file(header, hex('003c00c0 803f40c0 01')));
    expect(metadata).toEqual({ format: 'pt' });
    expect(tensors['half']).toEqual(ndArray(Float32Array.of(1, -2)));
    expect(tensors['brain']).toEqual(ndArray(Float32Array.of(1, -3), [1, 2]));
    expect(tensors['flag']).toEqual({ data: Uint8Array.of(1), shape: [], dtype: 'bool' });
  });

  const entry = (dtype: string, shape: unknown, offsets: unknown) => ({
    a: { dtype, shape, data_offsets: offsets },
  });
  const four = new Uint8Array(4);
  it.each([
    ['an empty file', new Uint8Array(0), 'the file is empty'],
    ['less than a length', new Uint8Array(5), 'truncated in the header, expected at least 8 bytes, found 5'],
    ['an endless header', hex('ffffffffffffff7f'), 'longer than 100 MB'],
    ['half a header', file({ a: 1 }).subarray(0, 12), 'truncated in the header, expected 15 bytes, found 12'],
    ['no JSON', file('{oops'), 'its header is no JSON record'],
    ['no UTF-8', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff), 'its header is no JSON record'],
    ['a list', file([]), 'its header is no JSON record'],
    ['notes that are no text', file({ __metadata__: { a: 1 } }), 'a record of strings'],
    ['no entry', file({ a: null }), 'tensor "a": expected a shape'],
    ['a negative axis', file(entry('F32', [-1], [0, 4]), four), 'tensor "a": expected a shape'],
    ['one offset', file(entry('F32', [1], [0]), four), 'tensor "a": expected two data_offsets'],
    ['truncated data', file(entry('F32', [2], [0, 8]), four), 'truncated, expected 8 bytes of data, found 4'],
    ['more data', file(entry('F32', [0], [0, 0]), four), 'too long, expected 0 bytes of data, found 4'],
    ['another size', file(entry('F32', [2], [0, 4]), four), 'expected 8 bytes of float32 [2], found 4'],
    ['a gap', file(entry('U8', [2], [2, 4]), four), 'expected data from byte 0 on, found 2 to 4'],
    ['offsets that run back', file(entry('U8', [2], [0, -2]), four), 'expected two data_offsets'],
    [
      'an overlap',
      file({ ...entry('U8', [4], [0, 4]), b: { dtype: 'U8', shape: [4], data_offsets: [0, 4] } }, four),
      'expected data from byte 4 on, found 0 to 4',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseSafetensors(bytes)).toThrow(expect.objectContaining({ code: 'INVALID_FILE' }));
    expect(() => parseSafetensors(bytes)).toThrow(message);
  });

  it('refuses unknown number types by name', () => {
    expect(() => parseSafetensors(file(entry('C64', [0], [0, 0])))).toThrow(/tensor "a": .*found C64/);
  });
});
