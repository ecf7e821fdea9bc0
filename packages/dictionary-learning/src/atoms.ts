import { type Random, refuse, requireAllFinite, requireShape } from '@unrolled/contracts';
import { type NdArray, ndArray, transpose } from '@unrolled/formats';
import type { HostExamples } from './examples.ts';

/** Where atoms may be: in the unit ball ‖a‖ ≤ 1, or on the unit sphere ‖a‖ = 1. */
export type AtomConstraint = 'ball' | 'sphere';

/** Atoms while they are learned: float64 on the host, changed in place. */
export interface Atoms {
  /** `[atoms, features]`: the numbers of an atom lie beside each other. */
  readonly values: Float64Array;
  readonly count: number;
  readonly features: number;
}

/** Where atom `index` lies: a view. */
export function atomOf({ values, features }: Atoms, index: number): Float64Array {
  return values.subarray(index * features, (index + 1) * features);
}

/** Projects an atom in place. A zero atom has no nearest point on the sphere: it stays zero. */
export function projectAtom(atom: Float64Array, constraint: AtomConstraint): void {
  const norm = Math.sqrt(atom.reduce((sum, value) => sum + value * value, 0));
  if (norm === 0 || (constraint === 'ball' && norm <= 1)) return;
  for (let feature = 0; feature < atom.length; feature++) atom[feature]! /= norm;
}

/** As a dictionary is handed over: float32 `[features, atoms]`. */
export function toDictionary({ values, count, features }: Atoms): NdArray<'float32'> {
  return transpose(ndArray(Float32Array.from(values), [count, features]), [1, 0]);
}

/** Atoms to start from: float32 or float64 `[features, atoms]`, finite, none of them zero. */
export function atomsFrom(initial: HostExamples, count: number, features: number): Atoms {
  requireShape('initial', initial?.shape ?? [], [features, count], 'atoms');
  requireShape('initial.data', [initial.data.length], [features * count], 'numbers for its shape');
  requireAllFinite('initial', initial.data);
  const { data } = transpose(ndArray(Float64Array.from(initial.data), [features, count]), [1, 0]);
  const atoms = { values: data as Float64Array, count, features };
  for (let atom = 0; atom < count; atom++) {
    if (atomOf(atoms, atom).every((value) => value === 0))
      refuse('initial', `atom ${atom} is zero`, 'atoms that are not zero');
  }
  return atoms;
}

/** Atoms to start from: examples, each as often as any other, none that is zero where there are others. */
export function atomsFromExamples({ data, shape }: HostExamples, count: number, random: Random): Atoms {
  const [examples, features] = shape as readonly [number, number];
  const atoms = { values: new Float64Array(count * features), count, features };
  const exampleAt = (index: number) => data.subarray(index * features, (index + 1) * features);
  const order = Array.from(random.permutation(examples));
  const present = order.filter((index) => exampleAt(index).some((value: number) => value !== 0));
  const drawn = present.length > 0 ? present : order;
  for (let atom = 0; atom < count; atom++) {
    seedAtom(atomOf(atoms, atom), exampleAt(drawn[atom % drawn.length]!), random);
  }
  return atoms;
}

/** Makes an atom of an example: with a little noise, so that no two are the same, and of norm 1. */
export function seedAtom(atom: Float64Array, example: ArrayLike<number>, random: Random): void {
  const size = atom.length;
  let sum = 0;
  let squares = 0;
  for (let feature = 0; feature < size; feature++) {
    sum += example[feature]!;
    squares += example[feature]! ** 2;
  }
  const deviation = Math.sqrt(Math.max(0, squares / size - (sum / size) ** 2));
  const level = 0.01 * (deviation || Math.sqrt(squares / size) || 1);
  for (let feature = 0; feature < size; feature++) {
    atom[feature] = example[feature]! + random.normal(0, level);
  }
  projectAtom(atom, 'sphere');
}
