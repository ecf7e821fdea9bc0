import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type ArrayOf, type DType, type NdArray, ndArray } from '../src/index.ts';

/** Bytes out of hexadecimal digits. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(digits.replace(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** A npy file with this header text, padded as numpy does. */
export function npyFile(dictionary: string, body: Uint8Array, major = 1): Uint8Array {
  const start = major === 1 ? 10 : 12;
  const text = new TextEncoder().encode(`${dictionary}\n`);
  const bytes = new Uint8Array(start + text.length + body.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, major, 0]);
  const view = new DataView(bytes.buffer);
  if (major === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(text, start);
  bytes.set(body, start + text.length);
  return bytes;
}

/** Is there a Python with numpy? */
export const hasNumpy = ((): boolean => {
  try {
    execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('skipped: the tests against numpy need python3 with numpy');
    return false;
  }
})();

/** Runs a Python program in a new folder and gives the folder to `look`. */
export function withPython<T>(
  program: string,
  look: (folder: string) => T,
  prepare?: (folder: string) => void,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-formats-'));
  try {
    prepare?.(folder);
    execFileSync('python3', ['-c', program], { cwd: folder });
    return look(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

type Filler = (length: number) => fc.Arbitrary<ArrayOf[DType]>;
const lengths = (length: number) => ({ minLength: length, maxLength: length });
const fillers: readonly Filler[] = [
  (n) => fc.int8Array(lengths(n)),
  (n) => fc.uint8Array(lengths(n)),
  (n) => fc.int16Array(lengths(n)),
  (n) => fc.uint16Array(lengths(n)),
  (n) => fc.int32Array(lengths(n)),
  (n) => fc.uint32Array(lengths(n)),
  (n) => fc.bigInt64Array(lengths(n)),
  (n) => fc.bigUint64Array(lengths(n)),
  (n) => fc.float32Array(lengths(n)),
  (n) => fc.float64Array(lengths(n)),
];

/** Arrays of every number type and of up to four axes, empty ones, NaN and −0 included. */
export const anyArray: fc.Arbitrary<NdArray> = fc
  .tuple(shapes, fc.constantFrom(...fillers))
  .chain(([shape, fill]) =>
    fill(shape.reduce((size, axis) => size * axis, 1)).map((data) => ndArray(data, shape)),
  );
