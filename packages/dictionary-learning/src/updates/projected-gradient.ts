import { requireKnownOptions, requirePositive } from '@unrolled/contracts';
import { type Atoms, atomOf, projectAtom } from '../atoms.ts';
import type { CodedBatch } from '../codes.ts';
import type { AtomUpdate, UpdateContext } from './update.ts';

/**
 * Projected stochastic gradient descent on the atoms, the codes being fixed: with P examples in the batch
 *
 *     D ← Π( D − rate · (1/P) Σ (D x − y) xᵀ )
 *
 * in float64. The gradient is that of the mean over examples of ½‖y − D x‖²: a paper that takes the mean over features too has
 * rates that are larger by their number. An atom that no code uses stays as it is; `online` seeds such atoms anew.
 *
 * @param options.rate a number > 0, or a function of the step (from 1)
 * @see Cowen, Saridena & Choromanska 2019, "LSALSA", section 6 (how its dictionaries were learned)
 * @example const update = projectedGradient({ rate: (step) => 5 / (1 + step / 100) });
 */
export function projectedGradient(options: {
  readonly rate: number | ((step: number) => number);
}): AtomUpdate {
  requireKnownOptions('projectedGradient', options, ['rate']);
  const { rate } = options;
  if (typeof rate !== 'function') requirePositive('rate', rate);
  return Object.freeze<AtomUpdate>({
    name: 'projected gradient',
    begin: () =>
      Object.freeze({
        memory: Object.freeze({}),
        update: (atoms: Atoms, batch: CodedBatch, { step, constraint }: UpdateContext) => {
          const now = requirePositive('rate', typeof rate === 'function' ? rate(step) : rate);
          descend(atoms, batch, now);
          for (let atom = 0; atom < atoms.count; atom++) projectAtom(atomOf(atoms, atom), constraint);
          return 0;
        },
      }),
  });
}

/** D ← D + (rate/P) Σ (y − D x) xᵀ, all residuals being those of the atoms before the step. */
function descend(
  { values, count, features }: Atoms,
  { signals, codes, examples }: CodedBatch,
  rate: number,
): void {
  const step = new Float64Array(values.length);
  const residual = new Float64Array(features);
  for (let example = 0; example < examples; example++) {
    const present = Array.from({ length: count }, (_, atom) => atom).filter(
      (atom) => codes[example * count + atom] !== 0,
    );
    residual.set(signals.subarray(example * features, (example + 1) * features));
    for (const atom of present) {
      const code = codes[example * count + atom]!;
      for (let feature = 0; feature < features; feature++) {
        residual[feature]! -= code * values[atom * features + feature]!;
      }
    }
    for (const atom of present) {
      const share = (rate * codes[example * count + atom]!) / examples;
      for (let feature = 0; feature < features; feature++) {
        step[atom * features + feature]! += share * residual[feature]!;
      }
    }
  }
  for (let index = 0; index < values.length; index++) values[index]! += step[index]!;
}
