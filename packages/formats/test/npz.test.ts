import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import { ndArray, readNpz, readNpzArchive, writeNpz } from '../src/index.ts';
import { anyArray, hasNumpy, withPython } from './fixtures.ts';

const names = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_./]{0,12}$/);

describe('npz', () => {
  it('gives back any arrays, compressed or not', () => {
    fc.assert(
      fc.property(fc.dictionary(names, anyArray, { maxKeys: 4 }), fc.boolean(), (arrays, compress) => {
        expect(Object.entries(readNpz(writeNpz(arrays, { compress })))).toEqual(Object.entries(arrays));
      }),
    );
  });

  it('writes the same bytes for the same arrays, whatever the time', () => {
    const arrays = { a: ndArray(Float32Array.of(1, 2)) };
    vi.useFakeTimers({ now: new Date(2001, 0, 1) });
    const early = writeNpz(arrays);
    vi.setSystemTime(new Date(2031, 0, 1));
    expect(writeNpz(arrays)).toEqual(early);
    vi.useRealTimers();
  });

  it('gives what lies beside the arrays as it is', () => {
    const array = ndArray(Float32Array.of(1, 2));
    const note = new TextEncoder().encode('{"layers": 15}');
    const bytes = writeNpz({ a: array }, { files: { 'config.json': note } });
    expect(readNpzArchive(bytes)).toEqual({ arrays: { a: array }, files: { 'config.json': note } });
    expect(readNpzArchive(writeNpz({ a: array }))).toEqual({ arrays: { a: array }, files: {} });
  });

  it.skipIf(!hasNumpy)('reads what numpy writes and writes what numpy reads', () => {
    const arrays = {
      a: ndArray(Float32Array.of(1, 2), [2, 1]),
      'operator.filters': ndArray(Int32Array.of(3)),
    };
    const program = `
import numpy as np
for name in 'stored', 'deflated':
    z = np.load(f'{name}.npz')
    assert z['a'].tolist() == [[1], [2]] and z['operator.filters'].tolist() == [3]
np.savez('s.npz', x=np.eye(2), y=np.arange(3, dtype='i8'))
np.savez_compressed('c.npz', x=np.eye(2), y=np.arange(3, dtype='i8'))
`;
    const write = (folder: string): void => {
      writeFileSync(join(folder, 'stored.npz'), writeNpz(arrays));
      writeFileSync(join(folder, 'deflated.npz'), writeNpz(arrays, { compress: true }));
    };
    const expected = {
      x: ndArray(Float64Array.of(1, 0, 0, 1), [2, 2]),
      y: ndArray(BigInt64Array.of(0n, 1n, 2n)),
    };
    withPython(
      program,
      (folder) => {
        expect(readNpz(readFileSync(join(folder, 's.npz')))).toEqual(expected);
        expect(readNpz(readFileSync(join(folder, 'c.npz')))).toEqual(expected);
      },
      write,
    );
  });

  it('refuses empty, foreign and damaged files, and names the array that is wrong', () => {
    const file = writeNpz({ a: ndArray(new Float32Array(100)) });
    expect(() => readNpz(new Uint8Array(0))).toThrow('npz: the file is empty');
    expect(() => readNpz(Uint8Array.of(1, 2, 3))).toThrow('npz: not a zip archive, or a damaged one');
    expect(() => readNpz(file.subarray(0, 200))).toThrow('npz: not a zip archive, or a damaged one');
    const wrong = zipSync({ 'b.npy': new TextEncoder().encode('hello') });
    expect(() => readNpz(wrong)).toThrow('npz: array "b": npy: not an npy file');
  });
});
