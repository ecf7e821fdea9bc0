import { UnrolledError } from '@unrolled/contracts';
import { type NdArray, ndArray } from '@unrolled/formats';

/** The parameters of a denoiser as arrays, by the names that they have in the network. */
export type ModelParameters = { readonly [name: string]: NdArray<'float32'> };

const filters = 'operator.filters';
/** Filters of their own for the analysis and the decoder: both or neither. */
const untied = ['analysis.filters', 'decoder.filters'];
const known = [filters, ...untied, 'prior.weight', 'likelihood.baseline', 'step'];

/**
 * Refuses tensors that are not those of a denoiser: a name that is missing or unknown, a shape or a number type that it cannot have,
 * numbers that are not finite.
 *
 * @returns them in float32, the step 1 where the file has none
 * @throws INVALID_FILE, INVALID_SHAPE, INVALID_DTYPE, NOT_FINITE, naming the tensor, what was given and what is expected
 */
export function requireParameters(tensors: { readonly [name: string]: NdArray }): ModelParameters {
  const names = Object.keys(tensors);
  const unknown = names.filter((name) => !known.includes(name));
  const needed = [filters, 'prior.weight', ...(untied.some((name) => name in tensors) ? untied : [])];
  const missing = needed.filter((name) => !names.includes(name));
  if (unknown.length > 0 || missing.length > 0) {
    const wrong = [
      ...(missing.length > 0 ? [`missing ${missing.join(', ')}`] : []),
      ...(unknown.length > 0 ? [`unknown ${unknown.join(', ')}`] : []),
    ];
    throw new UnrolledError(
      'INVALID_FILE',
      `tensors: ${wrong.join('; ')}; expected ${known.join(', ')}, got ${names.join(', ') || 'none'}`,
    );
  }
  const { shape } = tensors[filters]!;
  if (shape.length !== 4 || shape.some((size) => size < 1))
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${filters}: expected [height, width, channels, atoms], got [${shape.join(', ')}]`,
    );
  const shapes: { readonly [name: string]: readonly number[] } = {
    'prior.weight': [shape[3]!],
    'likelihood.baseline': [],
    step: [],
  };
  const arrays = Object.entries(tensors).map(
    ([name, array]) => [name, requireFloats(name, array, shapes[name] ?? shape)] as const,
  );
  return Object.freeze({ step: ndArray(Float32Array.of(1), []), ...Object.fromEntries(arrays) });
}

function requireFloats(name: string, array: NdArray, shape: readonly number[]): NdArray<'float32'> {
  if (array.shape.join() !== shape.join()) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${name}: expected shape [${shape.join(', ')}], got [${array.shape.join(', ')}]`,
    );
  }
  if (array.dtype !== 'float32' && array.dtype !== 'float64')
    throw new UnrolledError('INVALID_DTYPE', `${name}: expected float32 or float64, got ${array.dtype}`);
  const index = array.data.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) {
    throw new UnrolledError(
      'NOT_FINITE',
      `${name}: expected finite numbers, got ${array.data[index]} at index ${index}`,
    );
  }
  return ndArray(Float32Array.from(array.data), shape);
}
