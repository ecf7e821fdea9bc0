import { requireAllFinite, requireInteger, UnrolledError } from '@unrolled/contracts';

/**
 * Atoms as plain numbers, the last axis the atoms: `[features, atoms]`, or filters `[time, channels, atoms]`. What
 * `{ data: await tensor.data(), shape: tensor.shape }` gives.
 */
export interface Dictionary {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** The atoms one by one, each `[time, channels]` in float64 and of norm 1 (or 0, where it is zero). */
export interface UnitAtoms {
  readonly channels: number;
  readonly atoms: readonly Float64Array[];
}

/** Takes a dictionary apart. A dense dictionary has one channel. */
export function unitAtoms(name: string, { data, shape }: Dictionary): UnitAtoms {
  if (shape?.length !== 2 && shape?.length !== 3) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${name}: expected [features, atoms] or [time, channels, atoms], got [${shape?.join(', ')}]`,
    );
  }
  for (const axis of shape) requireInteger(`${name}.shape`, axis);
  const size = shape.reduce((product, axis) => product * axis, 1);
  if (data.length !== size) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${name}: expected ${size} numbers for shape [${shape.join(', ')}], got ${data.length}`,
    );
  }
  requireAllFinite(name, data);
  const count = shape.at(-1)!;
  const channels = shape.length === 3 ? shape[1]! : 1;
  const atoms = Array.from({ length: count }, (_, atom) => {
    const values = Float64Array.from({ length: size / count }, (_, index) => data[index * count + atom]!);
    const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    return norm === 0 ? values : values.map((value) => value / norm);
  });
  return { channels, atoms };
}
