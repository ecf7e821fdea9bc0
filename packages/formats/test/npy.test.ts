import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeNpy, type NdArray, ndArray, parseNpy, parseNpyHeader } from '../src/index.ts';
import { anyArray, hasNumpy, hex, npyFile, withPython } from './fixtures.ts';

const header = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;

describe('npy: round trips', () => {
  it('gives back any array', () => {
    fc.assert(
      fc.property(anyArray, (array) => {
        expect(parseNpy(encodeNpy(array))).toEqual(array);
      }),
    );
  });

  it('reads arrays at any alignment, and shares no memory with the file', () => {
    const file = encodeNpy(ndArray(Float64Array.of(1, 2, 3)));
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const array = parseNpy(shifted.subarray(3));
    shifted.fill(0);
    expect(array.data).toEqual(Float64Array.of(1, 2, 3));
  });

  it('aligns the numbers to 64 bytes', () => {
    fc.assert(
      fc.property(anyArray, (array) => {
        expect(parseNpyHeader(encodeNpy(array)).byteOffset % 64).toBe(0);
      }),
    );
  });

  it('refuses an array whose data do not fill its shape', () => {
    const broken: NdArray<'int8'> = { data: Int8Array.of(1), shape: [2], dtype: 'int8' };
    expect(() => encodeNpy(broken)).toThrow('array: expected 2 numbers for shape [2], got 1');
  });
});

describe('npy: files by numpy, byte for byte', () => {
  it('Fortran order, big-endian: np.asfortranarray(np.array([[1, -2, 300], [4, 5, -600]], ">i2"))', () => {
    const bytes = hex(`
      934e554d5059010076007b276465736372273a20273e6932272c2027666f727472616e5f6f72646572273a2054727565
      2c20277368617065273a2028322c2033292c207d20202020202020202020202020202020202020202020202020202020
      202020202020202020202020202020202020202020202020202020202020200a00010004fffe0005012cfda8`);
    expect(parseNpy(bytes)).toEqual(ndArray(Int16Array.of(1, -2, 300, 4, 5, -600), [2, 3]));
  });

  it('format 2.0, float16: np.array([0.5, -2, inf, 6e-8], "<f2")', () => {
    const bytes = hex(`
      934e554d50590200740000007b276465736372273a20273c6632272c2027666f727472616e5f6f72646572273a204661
      6c73652c20277368617065273a2028342c292c207d202020202020202020202020202020202020202020202020202020
      202020202020202020202020202020202020202020202020202020202020200a003800c0007c0100`);
    // The smallest float16 is 2⁻²⁴.
    expect(parseNpy(bytes)).toEqual(ndArray(Float32Array.of(0.5, -2, Number.POSITIVE_INFINITY, 2 ** -24)));
  });

  it('reads headers in any order of keys, with either quote, and the long integers of Python 2', () => {
    const text = `{"shape": (2L, 1L), "fortran_order": False, "descr": "|u1"}`;
    expect(parseNpy(npyFile(text, hex('07ff'), 3))).toEqual(ndArray(Uint8Array.of(7, 255), [2, 1]));
  });

  it('reads a header alone', () => {
    const bytes = npyFile(header('>f4', '(1000000, 4)', 'True'), new Uint8Array(0));
    expect(parseNpyHeader(bytes)).toEqual({
      dtype: 'float32',
      littleEndian: false,
      fortranOrder: true,
      shape: [1_000_000, 4],
      byteOffset: bytes.length,
    });
  });
});

describe.skipIf(!hasNumpy)('npy: against numpy', () => {
  it('reads whatever numpy writes', () => {
    const program = `
import numpy as np
a = np.arange(24).reshape(2, 3, 4)
for t in 'b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8'.split():
    for e in '<>':
        for order in 'CF':
            with open(f'{t}{"l" if e == "<" else "b"}{order}.npy', 'wb') as f:
                version = (1, 0) if order == 'C' else (3, 0)
                np.lib.format.write_array(f, np.asarray(a % 2 if t == 'b1' else a - (12 if t[0] != 'u' else 0), dtype=e + t, order=order), version=version)
np.save('scalar.npy', np.float64(2.5))
np.save('empty.npy', np.zeros((0, 3), 'f4'))
`;
    withPython(program, (folder) => {
      const read = (name: string): NdArray => parseNpy(readFileSync(join(folder, `${name}.npy`)));
      for (const type of 'b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8'.split(' ')) {
        const start = type.startsWith('u') || type === 'b1' ? 0 : -12;
        const expected = Array.from({ length: 24 }, (_, i) => (type === 'b1' ? i % 2 : i + start));
        for (const layout of ['lC', 'lF', 'bC', 'bF']) {
          const { data, shape } = read(type + layout);
          expect([type, layout, shape, Array.from(data as ArrayLike<number | bigint>, Number)]).toEqual([
            type,
            layout,
            [2, 3, 4],
            expected,
          ]);
        }
      }
      expect(read('scalar')).toEqual(ndArray(Float64Array.of(2.5), []));
      expect(read('empty')).toEqual(ndArray(new Float32Array(0), [0, 3]));
    });
  });

  it('writes what numpy reads', () => {
    const arrays = [
      ndArray(BigInt64Array.of(12n, -(2n ** 62n))),
      ndArray(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3, 1]),
      ndArray(Uint16Array.of(65535), []),
    ];
    const program = `
import numpy as np
a, b, c = (np.load(f'{i}.npy') for i in range(3))
assert a.dtype == np.int64 and a.tolist() == [12, -2**62]
assert b.dtype == np.float32 and b.shape == (2, 3, 1) and b.ravel().tolist() == [1, 2, 3, 4, 5, 6]
assert c.dtype == np.uint16 and c.shape == () and c == 65535
`;
    const write = (folder: string): void =>
      arrays.forEach((array, index) => {
        writeFileSync(join(folder, `${index}.npy`), encodeNpy(array));
      });
    expect(() => withPython(program, () => undefined, write)).not.toThrow();
  });
});

describe('npy: what is refused', () => {
  const file = encodeNpy(ndArray(Int16Array.of(1, 2, 3, 4), [2, 2]));
  it.each([
    ['an empty file', new Uint8Array(0), 'INVALID_FILE', 'npy: the file is empty'],
    ['another format', new TextEncoder().encode('RIFF'), 'INVALID_FILE', 'not an npy file'],
    ['only the magic', file.subarray(0, 6), 'INVALID_FILE', 'truncated in the header'],
    ['half a header', file.subarray(0, 40), 'INVALID_FILE', 'expected 128 bytes, found 40'],
    ['a later version', npyFile('', new Uint8Array(0), 9), 'INVALID_FILE', 'version 1 to 3, found 9'],
    [
      'truncated data',
      file.subarray(0, -3),
      'INVALID_FILE',
      'truncated, expected 8 bytes of int16 [2, 2], found 5',
    ],
    [
      'more data',
      Uint8Array.of(...file, 0),
      'INVALID_FILE',
      'too long, expected 8 bytes of int16 [2, 2], found 9',
    ],
    ['objects', npyFile(header('|O', '(1,)'), hex('80')), 'INVALID_DTYPE', 'found dtype object ("|O")'],
    ['complex numbers', npyFile(header('<c8', '(0,)'), hex('')), 'INVALID_DTYPE', 'dtype complex ("<c8")'],
    ['text', npyFile(header('<U5', '(0,)'), hex('')), 'INVALID_DTYPE', 'dtype text'],
    ['dates', npyFile(header('<M8[ns]', '(0,)'), hex('')), 'INVALID_DTYPE', 'dtype datetime64'],
    ['long doubles', npyFile(header('<f16', '(0,)'), hex('')), 'INVALID_DTYPE', 'extended-precision float'],
    [
      'records',
      npyFile("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (0,), }", hex('')),
      'INVALID_DTYPE',
      'record',
    ],
    ['no dtype', npyFile("{'shape': (0,)}", hex('')), 'INVALID_FILE', 'expected a dtype in the header'],
    ['no shape', npyFile("{'descr': '<f4'}", hex('')), 'INVALID_FILE', 'expected shape'],
  ])('%s', (_, bytes, code, message) => {
    expect(() => parseNpy(bytes)).toThrow(expect.objectContaining({ code }));
    expect(() => parseNpy(bytes)).toThrow(message);
  });
});
