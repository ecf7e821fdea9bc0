import { UnrolledError } from '@unrolled/contracts';
import type { StoredType } from './stored-numbers.ts';

/** What the first bytes of a `.npy` file say about the rest. */
export interface NpyHeader {
  readonly dtype: StoredType;
  readonly littleEndian: boolean;
  /** True where the first axis is the fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the numbers start. */
  readonly byteOffset: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

const types: { readonly [descr: string]: StoredType } = {
  b1: 'bool',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

const refusedKinds: { readonly [kind: string]: string } = {
  O: 'object',
  c: 'complex',
  S: 'text',
  a: 'text',
  U: 'text',
  V: 'void',
  M: 'datetime64',
  m: 'timedelta64',
  f: 'extended-precision float',
  g: 'extended-precision float',
};

/**
 * Reads the header of a `.npy` file (format versions 1.0, 2.0 and 3.0) from its first bytes: for streaming, the rest of the
 * file need not be there.
 *
 * @throws INVALID_FILE where it is no npy file or the header is cut off; INVALID_DTYPE, by name, for numbers that are
 *   not real (object, complex, text, dates, records)
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
  if (bytes.length === 0) fail('the file is empty');
  if (magic.some((byte, index) => bytes[index] !== byte))
    fail('not an npy file (it does not start with \\x93NUMPY)');
  const major = bytes[6];
  if (major === undefined) fail('truncated in the header');
  if (major < 1 || major > 3) fail(`expected format version 1 to 3, found ${major}`);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) fail('truncated in the header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const byteOffset = start + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < byteOffset) {
    fail(`truncated in the header, expected ${byteOffset} bytes, found ${bytes.length}`);
  }
  // Version 3.0 is in UTF-8 for the names of record fields; all that is read here is ASCII.
  const text = new TextDecoder('latin1').decode(bytes.subarray(start, byteOffset));
  return Object.freeze({ ...parseDescr(text), ...parseOrder(text), byteOffset });
}

function parseDescr(text: string): Pick<NpyHeader, 'dtype' | 'littleEndian'> {
  const [, list, descr] = /['"]descr['"]\s*:\s*(?:(\[)|['"]([^'"]*)['"])/.exec(text) ?? [];
  if (list)
    throw new UnrolledError('INVALID_DTYPE', 'npy: expected real numbers, found dtype record (structured)');
  const [, order, kind = '', size] = /^([<>|=]?)([a-zA-Z?])(\d*)/.exec(descr ?? '') ?? [];
  if (kind === '') fail(`expected a dtype in the header, found ${text.trim().slice(0, 80)}`);
  const dtype = kind === '?' ? 'bool' : types[`${kind}${size}`];
  if (dtype === undefined) {
    const name = refusedKinds[kind] ?? 'unknown';
    throw new UnrolledError('INVALID_DTYPE', `npy: expected real numbers, found dtype ${name} ("${descr}")`);
  }
  return { dtype, littleEndian: order !== '>' };
}

function parseOrder(text: string): Pick<NpyHeader, 'fortranOrder' | 'shape'> {
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const axes = /['"]shape['"]\s*:\s*\(([\dL,\s]*)\)/.exec(text)?.[1];
  if (order === undefined || axes === undefined) {
    fail(`expected shape and fortran_order in the header, found ${text.trim().slice(0, 120)}`);
  }
  // Python 2 wrote long integers as 12L.
  const shape = axes.split(',').map((axis) => axis.trim().replace(/L$/, ''));
  const lengths = shape.filter((axis) => axis !== '').map(Number);
  if (!lengths.every(Number.isSafeInteger)) fail(`expected a shape of whole numbers, found (${axes})`);
  return { fortranOrder: order === 'True', shape: Object.freeze(lengths) };
}

function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `npy: ${message}`);
}
