import { type NdArray, requireWhole } from './nd-array.ts';
import { fail, isRecordOfText, nameOf, parseHeader } from './safetensors-header.ts';
import { decodeNumbers, dtypeOf, encodeNumbers } from './stored-numbers.ts';

/** Named arrays with notes: what a `.safetensors` file holds. */
export interface Safetensors {
  readonly tensors: { readonly [name: string]: NdArray };
  readonly metadata: { readonly [name: string]: string };
}

/**
 * Reads a `.safetensors` file. float16 and bfloat16 are widened to float32.
 *
 * @throws INVALID_FILE where the file is empty, truncated, or its header lies: offsets that leave the file, overlap,
 *   leave a gap, or do not fit the shape; INVALID_DTYPE for number types unknown here
 * @see https://huggingface.co/docs/safetensors
 */
export function parseSafetensors(bytes: Uint8Array): Safetensors {
  const { entries, metadata, byteOffset } = parseHeader(bytes);
  const tensors = entries.map(({ name, stored, shape, start, end }) => {
    const data = decodeNumbers(bytes.subarray(byteOffset + start, byteOffset + end), stored);
    return [name, Object.freeze({ data, shape, dtype: dtypeOf(stored) }) as NdArray] as const;
  });
  return Object.freeze({ tensors: Object.freeze(Object.fromEntries(tensors)), metadata });
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
  if (!isRecordOfText(metadata)) fail('expected metadata to be a record of strings');
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push(['__metadata__', metadata]);
  let end = 0;
  for (const [name, array] of sorted) {
    if (name === '__metadata__') fail('"__metadata__" is reserved and cannot name a tensor');
    requireWhole(name, array);
    const start = end;
    end += array.data.byteLength;
    header.push([name, { dtype: nameOf(array.dtype), shape: array.shape, data_offsets: [start, end] }]);
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
