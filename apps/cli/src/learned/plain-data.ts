import { UnrolledError } from '@unrolled/contracts';
import { encodeSafetensors, type NdArray, ndArray, parseSafetensors } from '@unrolled/formats';

/** What a JSON text has in place of an array that is a tensor of the file. */
interface TensorReference {
  readonly tensor: string;
  /** The array stands as `{ data, shape }` in the record, and not bare. */
  readonly shaped: boolean;
}

type Floats = Float32Array | Float64Array;

/**
 * A record of plain data as a `.safetensors` file: typed arrays become tensors, named by their path in the record
 * (`frontEnd.band.half`), everything else one JSON text in the metadata. Every number comes back bit for bit.
 *
 * @param name of the metadata entry
 */
export function encodePlainData(name: string, record: object): Uint8Array {
  const tensors: Record<string, NdArray> = {};
  const replaced = (value: unknown, path: string): unknown => {
    if (isFloats(value)) {
      tensors[path] = ndArray(value);
      return { tensor: path, shaped: false } satisfies TensorReference;
    }
    if (Array.isArray(value)) return value.map((item, index) => replaced(item, `${path}.${index}`));
    if (typeof value !== 'object' || value === null) return value;
    const { data, shape } = value as { data?: unknown; shape?: number[] };
    if (isFloats(data) && shape) {
      tensors[path] = ndArray(data, shape);
      return { tensor: path, shaped: true } satisfies TensorReference;
    }
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      replaced(item, path ? `${path}.${key}` : key),
    ]);
    return Object.fromEntries(entries);
  };
  const json = JSON.stringify(replaced(record, ''));
  return encodeSafetensors(tensors, { [name]: json });
}

/**
 * What `encodePlainData` made of a record.
 *
 * @throws UnrolledError INVALID_FILE where it is no such file
 */
export function parsePlainData(name: string, bytes: Uint8Array): unknown {
  const { tensors, metadata } = parseSafetensors(bytes);
  const restored = (_key: string, value: unknown): unknown => {
    if (!isReference(value)) return value;
    const array = tensors[value.tensor];
    if (!array) throw new UnrolledError('INVALID_FILE', `expected a tensor ${value.tensor}`);
    return value.shaped ? { data: array.data, shape: array.shape } : array.data;
  };
  try {
    return JSON.parse(metadata[name] ?? '', restored);
  } catch (cause) {
    if (cause instanceof UnrolledError) throw cause;
    throw new UnrolledError('INVALID_FILE', `expected ${name} in the metadata`, { cause });
  }
}

function isFloats(value: unknown): value is Floats {
  return value instanceof Float32Array || value instanceof Float64Array;
}

function isReference(value: unknown): value is TensorReference {
  return typeof value === 'object' && value !== null && 'tensor' in value && 'shaped' in value;
}
