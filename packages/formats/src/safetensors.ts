import { UnrolledError } from '@unrolled/contracts';
import { type DType, type NdArray, requireWhole, sizeOf } from './nd-array.ts';
import { decodeNumbers, dtypeOf, encodeNumbers, requireBytes, type StoredType } from './stored-numbers.ts';

/** Named arrays with notes: what a `.safetensors` file holds. */
export interface Safetensors {
  readonly tensors: { readonly [name: string]: NdArray };
  readonly metadata: { readonly [name: string]: string };
}

const storedTypes: { readonly [name: string]: StoredType } = {
  BOOL: 'bool',
  I8: 'int8',
  U8: 'uint8',
  I16: 'int16',
  U16: 'uint16',
  I32: 'int32',
  U32: 'uint32',
  I64: 'int64',
  U64: 'uint64',
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
};
const names = Object.fromEntries(Object.entries(storedTypes).map(([name, type]) => [type, name])) as {
  readonly [D in DType]: string;
};

/** The header's length field is 8 bytes; no honest header is longer than this (the limit of the reference implementation). */
const longestHeader = 100_000_000;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Reads a `.safetensors` file. float16 and bfloat16 are widened to float32.
 *
 * @throws INVALID_FILE where the file is empty, truncated, or its header lies: offsets that leave the file, overlap,
 *   leave a gap, or do not fit the shape; INVALID_DTYPE for number types unknown here
 * @see https://huggingface.co/docs/safetensors
 */
export function parseSafetensors(bytes: Uint8Array): Safetensors {
  if (bytes.length === 0) fail('the file is empty');
  if (bytes.length < 8) fail(`truncated in the header, expected at least 8 bytes, found ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > longestHeader) fail('not a safetensors file (its header would be longer than 100 MB)');
  if (bytes.length < 8 + length) {
    fail(`truncated in the header, expected ${8 + length} bytes, found ${bytes.length}`);
  }
  const { __metadata__: metadata = {}, ...entries } = parseHeader(bytes.subarray(8, 8 + length));
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    fail('expected __metadata__ to be a record of strings');
  }
  const body = bytes.subarray(8 + length);
  const tensors = Object.entries(entries).map(([name, entry]) => [name, requireEntry(name, entry)] as const);
  requireContiguous(tensors, body.length);
  return Object.freeze({
    tensors: Object.freeze(
      Object.fromEntries(tensors.map(([name, entry]) => [name, read(name, entry, body)])),
    ),
    metadata: Object.freeze(metadata) as { readonly [name: string]: string },
  });
}

/**
 * Writes a `.safetensors` file. The same arrays give the same bytes, in whatever order they are named; the numbers are
 * aligned (the widest types first).
 *
 * @param metadata notes, strings only
 */
export function encodeSafetensors(
  tensors: { readonly [name: string]: NdArray },
  metadata: { readonly [name: string]: string } = {},
): Uint8Array {
  const sorted = Object.entries(tensors).sort(
    ([a, { data: x }], [b, { data: y }]) => y.BYTES_PER_ELEMENT - x.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push(['__metadata__', metadata]);
  let end = 0;
  for (const [name, array] of sorted) {
    if (name === '__metadata__') fail('"__metadata__" is reserved and cannot name a tensor');
    requireWhole(name, array);
    const start = end;
    end += array.data.byteLength;
    header.push([name, { dtype: names[array.dtype], shape: array.shape, data_offsets: [start, end] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  bytes.fill(0x20, 8 + json.length, 8 + length);
  let at = 8 + length;
  for (const [, array] of sorted) {
    bytes.set(encodeNumbers(array), at);
    at += array.data.byteLength;
  }
  return bytes;
}

function parseHeader(bytes: Uint8Array): { readonly [name: string]: unknown } {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  return fail('not a safetensors file (its header is no JSON record)');
}

function requireEntry(name: string, entry: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  const whole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(whole)) fail(`tensor "${name}": expected a shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(whole)) {
    fail(`tensor "${name}": expected two data_offsets`);
  }
  if (storedTypes[String(dtype)] === undefined) {
    throw new UnrolledError(
      'INVALID_DTYPE',
      `safetensors: tensor "${name}": expected one of ${Object.keys(storedTypes).join(', ')}, found ${dtype}`,
    );
  }
  return { dtype: String(dtype), shape, data_offsets: [offsets[0], offsets[1]] };
}

/** The tensors must fill the file without gap or overlap: so says the format, and so nothing can hide in a file. */
function requireContiguous(tensors: readonly (readonly [string, Entry])[], found: number): void {
  const sorted = tensors.map(([name, { data_offsets }]) => ({
    name,
    start: data_offsets[0],
    end: data_offsets[1],
  }));
  // Empty tensors share their start with the next one: they come first.
  sorted.sort((a, b) => a.start - b.start || a.end - b.end);
  let at = 0;
  for (const { name, start, end } of sorted) {
    if (start !== at || end < start)
      fail(`tensor "${name}": expected data from byte ${at} on, found ${start} to ${end}`);
    at = end;
  }
  if (at !== found) {
    fail(`${found < at ? 'truncated' : 'too long'}, expected ${at} bytes of data, found ${found}`);
  }
}

function read(name: string, { dtype, shape, data_offsets: [start, end] }: Entry, body: Uint8Array): NdArray {
  const stored = storedTypes[dtype]!;
  sizeOf(shape);
  requireBytes(`safetensors: tensor "${name}"`, stored, shape, end - start);
  const data = decodeNumbers(body.subarray(start, end), stored);
  return Object.freeze({ data, shape: Object.freeze([...shape]), dtype: dtypeOf(stored) }) as NdArray;
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `safetensors: ${message}`);
}
