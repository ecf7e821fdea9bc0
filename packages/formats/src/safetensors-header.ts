import { UnrolledError } from '@unrolled/contracts';
import type { DType } from './nd-array.ts';
import { requireBytes, type StoredType } from './stored-numbers.ts';

/** What the header of a `.safetensors` file says, checked. */
export interface SafetensorsHeader {
  readonly entries: readonly TensorEntry[];
  readonly metadata: { readonly [name: string]: string };
  /** Where the numbers of all tensors start. */
  readonly byteOffset: number;
}

/** Where one tensor lies, in bytes from `byteOffset`. */
interface TensorEntry {
  readonly name: string;
  readonly stored: StoredType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
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

/** What the format calls a number type. */
export function nameOf(dtype: DType): string {
  return Object.keys(storedTypes).find((name) => storedTypes[name] === dtype)!;
}

/** No honest header is longer: the limit of the reference implementation. */
const longestHeader = 100_000_000;

/** Reads and checks the header of a whole file. */
export function parseHeader(bytes: Uint8Array): SafetensorsHeader {
  if (bytes.length === 0) fail('the file is empty');
  if (bytes.length < 8) fail(`truncated in the header, expected at least 8 bytes, found ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > longestHeader) fail('not a safetensors file (its header would be longer than 100 MB)');
  const byteOffset = 8 + length;
  if (bytes.length < byteOffset) {
    fail(`truncated in the header, expected ${byteOffset} bytes, found ${bytes.length}`);
  }
  const { __metadata__: metadata = {}, ...tensors } = parseRecord(bytes.subarray(8, byteOffset));
  if (!isRecordOfText(metadata)) fail('expected __metadata__ to be a record of strings');
  const entries = Object.entries(tensors).map(([name, tensor]) => parseEntry(name, tensor));
  requireContiguous(entries, bytes.length - byteOffset);
  return { entries, metadata: Object.freeze(metadata), byteOffset };
}

function parseRecord(bytes: Uint8Array): { readonly [name: string]: unknown } {
  try {
    const record: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(record)) return record;
  } catch (error) {
    // What is no JSON, and what is no UTF-8.
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  fail('not a safetensors file (its header is no JSON record)');
}

function parseEntry(name: string, entry: unknown): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  const whole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(whole)) fail(`tensor "${name}": expected a shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(whole)) {
    fail(`tensor "${name}": expected two data_offsets`);
  }
  const stored = Object.hasOwn(storedTypes, String(dtype)) ? storedTypes[String(dtype)] : undefined;
  if (stored === undefined) {
    throw new UnrolledError(
      'INVALID_DTYPE',
      `safetensors: tensor "${name}": expected one of ${Object.keys(storedTypes).join(', ')}, found ${dtype}`,
    );
  }
  return { name, stored, shape: Object.freeze([...shape]), start: offsets[0], end: offsets[1] };
}

/** The tensors must fill the file without gap or overlap: so says the format, and so nothing can hide in a file. */
function requireContiguous(entries: readonly TensorEntry[], found: number): void {
  // Empty tensors share their start with the next one: they come first.
  const sorted = [...entries].sort((a, b) => a.start - b.start || a.end - b.end);
  let at = 0;
  for (const { name, start, end } of sorted) {
    if (start !== at || end < start) {
      fail(`tensor "${name}": expected data from byte ${at} on, found ${start} to ${end}`);
    }
    at = end;
  }
  if (at !== found) {
    fail(`${found < at ? 'truncated' : 'too long'}, expected ${at} bytes of data, found ${found}`);
  }
  for (const { name, stored, shape, start, end } of sorted) {
    requireBytes(`safetensors: tensor "${name}"`, stored, shape, end - start);
  }
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Notes are text. */
export function isRecordOfText(value: unknown): value is { readonly [name: string]: string } {
  return isRecord(value) && Object.values(value).every((entry) => typeof entry === 'string');
}

/** Throws: the file, or what would go into one, is not what the format asks for. */
export function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `safetensors: ${message}`);
}
