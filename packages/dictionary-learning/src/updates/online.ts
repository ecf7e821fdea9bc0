import { refuse, requireKnownOptions, requireNonNegative, requirePositive } from '@unrolled/contracts';
import { type Atoms, atomOf, projectAtom, seedAtom } from '../atoms.ts';
import type { CodedBatch } from '../codes.ts';
import type { AtomUpdate, UpdateContext } from './update.ts';

/** β in [0, 1]: what the past counts at step t (from 1) when a batch of η examples is added; `atoms` is their number. */
export type Forgetting = (step: number, batchSize: number, atoms: number) => number;

/** Options of {@link online}. */
export interface OnlineOptions {
  /**
   * How the past fades. Default `recentExamples()`. With `() => 0` and all examples in one batch it is the batch method of alternating
   * minimisation; with `() => 1` nothing is forgotten.
   */
  readonly forgetting?: Forgetting;
}

/**
 * Remembers about as many examples as tell the atoms apart, whatever the size of a batch, and more as time goes on:
 *
 *     β = M / (M + η),   M = perAtom · atoms + share · (t − 1) η
 *
 * Codes of the bad atoms of the beginning, once in a long memory, hold the atoms where they are: a planted dictionary that is found
 * whole with this memory is hardly begun with that of `mairalForgetting`. A short memory throughout (`share: 0`) finds such a
 * dictionary faster still; a longer one averages more, which patches of photographs like.
 *
 * @param options.perAtom examples an atom, > 0; default 5
 * @param options.share the part of all examples so far, ≥ 0; default 0.05
 */
export function recentExamples(
  options: { readonly perAtom?: number; readonly share?: number } = {},
): Forgetting {
  requireKnownOptions('recentExamples', options, ['perAtom', 'share']);
  const perAtom = requirePositive('perAtom', options.perAtom ?? 5);
  const share = requireNonNegative('share', options.share ?? 0.05);
  return (step, batchSize, atoms) => {
    const memory = perAtom * atoms + share * (step - 1) * batchSize;
    return memory / (memory + batchSize);
  };
}

/**
 * β of the paper for batches of η, and of scikit-learn: all batches of the first η count alike, later ones fade.
 *
 *     θ = t η for t < η, η² + t − η from then on;   β = (θ + 1 − η) / (θ + 1)
 *
 * @see Mairal, Bach, Ponce & Sapiro 2010, "Online learning for matrix factorization and sparse coding", section 3.4.3
 */
export const mairalForgetting: Forgetting = (step, batchSize) => {
  const theta = step < batchSize ? step * batchSize : batchSize ** 2 + step - batchSize;
  return (theta + 1 - batchSize) / (theta + 1);
};

/**
 * Online dictionary learning: what is known of all batches so far is kept in two matrices, and the atoms are what minimises the
 * objective for them, by one pass of block coordinate descent in closed form. No rate has to be chosen.
 *
 *     A ← β A + (1/η) Σ x xᵀ,   B ← β B + (1/η) Σ y xᵀ
 *     d_j ← Π( d_j + (b_j − D a_j) / A_jj ),   j = 1, 2, …
 *
 * in float64. An atom that is not used, A_jj ≤ 1e-6 of the mean of the diagonal, becomes an example of the batch. With
 * `mairalForgetting` and the unit ball it is scikit-learn's `MiniBatchDictionaryLearning`, which agrees to the accuracy of the codes.
 *
 * @see Mairal, Bach, Ponce & Sapiro 2009, "Online dictionary learning for sparse coding", algorithms 1 and 2
 * @example const update = online();
 */
export function online(options: OnlineOptions = {}): AtomUpdate {
  requireKnownOptions('online', options, ['forgetting']);
  const { forgetting = recentExamples() } = options;
  if (typeof forgetting !== 'function') refuse('forgetting', forgetting, 'a function of step and batch size');
  return Object.freeze<AtomUpdate>({
    name: 'online',
    begin: (count, features) => {
      const agreements = new Float64Array(count * count);
      const targets = new Float64Array(count * features);
      return Object.freeze({
        memory: Object.freeze({ agreements, targets }),
        update: (atoms: Atoms, batch: CodedBatch, context: UpdateContext) => {
          const beta = forgetting(context.step, batch.examples, count);
          if (!(beta >= 0 && beta <= 1)) refuse('forgetting', beta, 'a number in [0, 1]');
          gather(agreements, beta, batch, count, batch.codes, count);
          gather(targets, beta, batch, count, batch.signals, features);
          return descend(atoms, { agreements, targets }, batch, context);
        },
      });
    },
  });
}

/** M ← β M + (1/η) Σ x zᵀ for codes x and others z beside them, by the entries of x that are not 0. */
function gather(
  matrix: Float64Array,
  beta: number,
  { codes, examples }: CodedBatch,
  count: number,
  others: Float32Array,
  width: number,
): void {
  for (let index = 0; index < matrix.length; index++) matrix[index]! *= beta;
  for (let example = 0; example < examples; example++) {
    for (let atom = 0; atom < count; atom++) {
      const code = codes[example * count + atom]!;
      if (code === 0) continue;
      const share = code / examples;
      for (let other = 0; other < width; other++) {
        matrix[atom * width + other]! += share * others[example * width + other]!;
      }
    }
  }
}

/** One pass over the atoms, each moved to its minimum with the others fixed. */
function descend(
  atoms: Atoms,
  memory: { readonly agreements: Float64Array; readonly targets: Float64Array },
  { signals, examples }: CodedBatch,
  { constraint, random }: UpdateContext,
): number {
  const { agreements, targets } = memory;
  const { count, features } = atoms;
  let trace = 0;
  for (let atom = 0; atom < count; atom++) trace += agreements[atom * (count + 1)]!;
  const used = (1e-6 * trace) / count;
  const pull = new Float64Array(features);
  let seeded = 0;
  for (let atom = 0; atom < count; atom++) {
    const own = atomOf(atoms, atom);
    const weight = agreements[atom * (count + 1)]!;
    if (!(weight > used)) {
      const example = random.integer(examples);
      seedAtom(own, signals.subarray(example * features, (example + 1) * features), random);
      // What is left of the past is the past of another atom.
      for (let other = 0; other < count; other++) {
        agreements[atom * count + other] = 0;
        agreements[other * count + atom] = 0;
      }
      targets.fill(0, atom * features, (atom + 1) * features);
      seeded++;
      continue;
    }
    pull.set(targets.subarray(atom * features, (atom + 1) * features));
    for (let other = 0; other < count; other++) {
      const agreement = agreements[atom * count + other]!;
      if (agreement === 0) continue;
      const start = other * features;
      for (let feature = 0; feature < features; feature++) {
        pull[feature]! -= agreement * atoms.values[start + feature]!;
      }
    }
    for (let feature = 0; feature < features; feature++) own[feature]! += pull[feature]! / weight;
    projectAtom(own, constraint);
  }
  return seeded;
}
