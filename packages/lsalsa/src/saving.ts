import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { requireAllFinite, requireInteger, requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import { type NdArray, parseSafetensors } from '@unrolled/formats';
import { saveNetwork } from '@unrolled/unroll';
import { type Lsalsa, unrollSalsa } from './lsalsa.ts';
import { sourceProblem } from './sources.ts';

/** What the file says that it is. */
const kind = 'lsalsa';

/**
 * A network as a `.safetensors` file that `loadLsalsa` makes it of again: matrices, dictionaries, weights, μ and the number of layers.
 *
 * @param notes strings for the file's header: what it was trained on
 */
export function saveLsalsa(
  network: Lsalsa,
  notes: { readonly [name: string]: string } = {},
): Promise<Uint8Array> {
  return saveNetwork(network, {
    ...notes,
    model: kind,
    layers: String(network.layers),
    code: network.code,
  });
}

/**
 * The network that was saved. What it computes with is in the file: nothing is factored again.
 *
 * @param options.layers T, where it is not to be the saved one: all layers share W_e and S
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws INVALID_FILE for a file that was cut short, or is not of a network of this kind
 * @example
 * const network = await loadLsalsa(await readFile('digits.safetensors'));
 */
export async function loadLsalsa(
  file: Uint8Array,
  options: { readonly layers?: number } = {},
): Promise<Lsalsa> {
  requireKnownOptions('loadLsalsa', options, ['layers']);
  const { tensors, metadata } = parseSafetensors(file);
  if (metadata['model'] !== kind)
    fail(`expected a model of the kind "${kind}", got ${metadata['model'] ?? 'none'}`);
  const saved = Number(metadata['layers']);
  if (!(Number.isSafeInteger(saved) && saved > 0))
    fail(`expected a number of layers, got ${metadata['layers'] ?? 'none'}`);
  const layers = requireInteger('layers', options.layers ?? saved);
  const code = metadata['code'] ?? 'x';
  if (code !== 'x' && code !== 'u') fail(`expected a code "x" or "u", got "${code}"`);
  const arrayOf = (name: string): NdArray => tensors[name] ?? fail(`${name} is missing`);
  for (const [name, { data }] of Object.entries(tensors)) requireNumbers(name, data);

  const several = 'operator.0.atoms' in tensors;
  const count = Object.keys(tensors).filter((name) => name.endsWith('.atoms')).length;
  const part = (index: number): string => (several ? `${index}.` : '');
  const made: Tensor[] = [];
  const tensorOf = (name: string, rank: number): Tensor => {
    const { data, shape } = arrayOf(name);
    if (shape.length !== rank) fail(`${name}: expected ${rank} axes, got [${shape.join(', ')}]`);
    const tensor = tf.tensor(Float32Array.from(data as Float32Array), [...shape], 'float32');
    made.push(tensor);
    return tensor;
  };
  try {
    const sources = Array.from({ length: Math.max(count, 1) }, (_, index) => ({
      atoms: tensorOf(`operator.${part(index)}atoms`, 2),
      weight: Number(arrayOf(`prior.${part(index)}weight`).data[0]),
    }));
    const problem = sourceProblem(sources);
    made.push(...Object.values(problem.prior.parameters));
    const atoms = problem.operator.codeSize!;
    const [features] = sources[0]!.atoms.shape;
    for (const [name, shape] of [
      ['analysis', [atoms, features]],
      ['splitting', [atoms, atoms]],
      ['penalty', []],
    ] as const) {
      if (String(arrayOf(name).shape) !== String(shape))
        fail(`${name}: expected shape [${shape.join(', ')}], got [${arrayOf(name).shape.join(', ')}]`);
    }
    const names = ['analysis', 'splitting', 'penalty'] as const;
    const parameters = async () => ({
      ...Object.fromEntries(
        sources.flatMap(({ atoms: own }, index) => [
          [`operator.${part(index)}atoms`, tf.clone(own)],
          [`prior.${part(index)}weight`, tf.clone(problem.prior.parameters[`${part(index)}weight`]!)],
        ]),
      ),
      ...Object.fromEntries(
        names.map((name) => [name, tf.clone(tensorOf(name, arrayOf(name).shape.length))]),
      ),
    });
    const penalty = Number(arrayOf('penalty').data[0]);
    return await unrollSalsa(problem, {
      penalty,
      layers,
      train: ['analysis', 'splitting'],
      code,
      parameters,
    });
  } catch (error) {
    // What the file holds is the file's fault, whoever notices.
    if (error instanceof UnrolledError && error.code !== 'INVALID_FILE')
      throw new UnrolledError('INVALID_FILE', `model: ${error.message}`, { cause: error });
    throw error;
  } finally {
    tf.dispose(made);
  }
}

function requireNumbers(name: string, data: NdArray['data']): void {
  try {
    requireAllFinite(name, data as Float32Array);
  } catch (error) {
    throw new UnrolledError('INVALID_FILE', (error as Error).message, { cause: error });
  }
}

function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `model: ${message}`);
}
