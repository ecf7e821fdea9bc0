import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Network,
  refuse,
  requireAllFinite,
  requireInteger,
  requireKnownOptions,
  requireShape,
  throwIfAborted,
} from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import { exampleAt, requireExamples } from './examples.ts';

/**
 * Codes of many examples on the host, their entries that are not 0 alone: on the simplex that is a few an example.
 *
 * Those of example i are at starts[i] … starts[i + 1] − 1 of `atoms` (which, ascending) and `values` (how much, > 0).
 */
export interface SparseCodes {
  /** How many examples. */
  readonly examples: number;
  /** How many atoms a code is over. */
  readonly size: number;
  /** `[examples + 1]` */
  readonly starts: Int32Array;
  readonly atoms: Int32Array;
  readonly values: Float64Array;
}

/** Options of {@link codesOf}. */
export interface CodesOptions {
  /** Examples at once on the device. Default 1024. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

/**
 * The codes of examples on the host, encoded batch by batch: memory on the device does not grow with their number.
 *
 * @param examples `[examples, features]`
 * @throws INVALID_SHAPE, NOT_FINITE for the examples; INVALID_ARGUMENT, UNKNOWN_OPTION; ABORTED
 * @example
 * const codes = await codesOf(network, points);
 * console.log(codes.values.length / codes.examples); // atoms an example
 */
export async function codesOf(
  network: Pick<Network, 'encode'>,
  examples: HostExamples,
  options: CodesOptions = {},
): Promise<SparseCodes> {
  requireKnownOptions('codesOf', options, ['batchSize', 'signal']);
  const [count, features] = requireExamples('examples', examples);
  const batchSize = requireInteger('batchSize', options.batchSize ?? 1024);
  const parts: SparseCodes[] = [];
  for (let start = 0; start < count; start += batchSize) {
    throwIfAborted(options.signal);
    const end = Math.min(count, start + batchSize);
    const batch = tf.tensor2d(examples.data.subarray(start * features, end * features), [
      end - start,
      features,
    ]);
    try {
      parts.push(await readCodes(network.encode(batch)));
    } finally {
      batch.dispose();
    }
  }
  return joined(parts);
}

/** The entries of codes `[examples, atoms]` that are not 0. Disposes of them. */
export async function readCodes(codes: Tensor): Promise<SparseCodes> {
  try {
    return sparseCodes({ data: (await codes.data()) as Float32Array, shape: codes.shape });
  } finally {
    codes.dispose();
  }
}

/**
 * The entries of codes that are not 0.
 *
 * @param codes `[examples, atoms]`, none negative
 * @throws INVALID_SHAPE, NOT_FINITE; INVALID_ARGUMENT for a negative entry
 */
export function sparseCodes(codes: HostExamples): SparseCodes {
  const [examples, size] = requireExamples('codes', codes);
  const starts = new Int32Array(examples + 1);
  const atoms: number[] = [];
  const values: number[] = [];
  for (let example = 0; example < examples; example++) {
    const code = exampleAt(codes, example);
    for (let atom = 0; atom < size; atom++) {
      const value = code[atom]!;
      if (value === 0) continue;
      if (value < 0) refuse('codes', `${value} in example ${example}`, 'codes ≥ 0');
      atoms.push(atom);
      values.push(value);
    }
    starts[example + 1] = atoms.length;
  }
  return Object.freeze({
    examples,
    size,
    starts,
    atoms: Int32Array.from(atoms),
    values: Float64Array.from(values),
  });
}

/** The codes of one part of the examples behind those of another. */
function joined(parts: readonly SparseCodes[]): SparseCodes {
  const examples = parts.reduce((sum, part) => sum + part.examples, 0);
  const entries = parts.reduce((sum, part) => sum + part.values.length, 0);
  const codes = {
    examples,
    size: parts[0]!.size,
    starts: new Int32Array(examples + 1),
    atoms: new Int32Array(entries),
    values: new Float64Array(entries),
  };
  let example = 0;
  let entry = 0;
  for (const part of parts) {
    codes.atoms.set(part.atoms, entry);
    codes.values.set(part.values, entry);
    for (let index = 1; index <= part.examples; index++)
      codes.starts[example + index] = entry + part.starts[index]!;
    example += part.examples;
    entry += part.values.length;
  }
  return Object.freeze(codes);
}

/** Refuses codes that are none: of an example at least, whole, finite, every atom one of `size`. */
export function requireCodes(name: string, codes: SparseCodes): void {
  const { examples, size, starts, atoms, values } = codes ?? {};
  if (!starts || !atoms || !values) refuse(name, codes, 'codes as codesOf gives them');
  requireInteger(`${name}.examples`, examples);
  requireInteger(`${name}.size`, size);
  requireShape(`${name}.starts`, [starts.length], [examples + 1], 'a start for every example, and the end');
  requireShape(`${name}.atoms`, [atoms.length], [values.length], 'an atom for every value');
  requireAllFinite(`${name}.values`, values);
  for (const atom of atoms)
    if (!(atom >= 0 && atom < size)) refuse(`${name}.atoms`, atom, `atoms of 0 to ${size - 1}`);
}

/** What every atom has in all codes together, (X 1)_j. */
export function massesOf({ size, atoms, values }: SparseCodes): Float64Array {
  const masses = new Float64Array(size);
  atoms.forEach((atom, entry) => {
    masses[atom]! += values[entry]!;
  });
  return masses;
}
