import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Named,
  type NamesOf,
  type Operator,
  prefixNames,
  refuse,
  requireShape,
  type SolvableOperator,
  UnrolledError,
  withoutPrefix,
} from '@unrolled/contracts';
import { dense } from './dense.ts';
import { requireTensor } from './internal/shapes.ts';

/** The parameters of {@link concatenate}: `'0.atoms' | '1.filters'`. */
export type ConcatenationNames<P extends readonly Operator[]> = number extends P['length']
  ? `${number}.${NamesOf<P[number]>}`
  : { [I in keyof P & `${number}`]: `${I}.${NamesOf<P[I]>}` }[keyof P & `${number}`];

/** What {@link concatenate} makes: an operator with a matrix where all parts have one. */
export type Concatenation<P extends readonly Operator[]> = P extends readonly SolvableOperator[]
  ? SolvableOperator<ConcatenationNames<P>>
  : Operator<ConcatenationNames<P>>;

/**
 * Several dictionaries side by side, [A₀ A₁ …]: signals that are sums of parts of different kinds (MCA).
 *
 *     A x = Σ_p A_p x_p,    Aᵀ y = (A₀ᵀ y, A₁ᵀ y, …)
 *
 * The codes lie side by side along the last axis, so that every part must say how wide its codes are (`codeSize`:
 * give `identity` its shape), and the parts' codes must have the same other axes. `blocks` of the prox package makes
 * the prior that goes with it. Where all parts are dense, so is the whole: it has a matrix and a regularised solve, and
 * `lipschitz` is exact. Otherwise `lipschitz` is the sum of the parts' bounds.
 *
 * @param operators two or more; one will do
 * @throws `INVALID_ARGUMENT` for an empty list or a part without `codeSize`; `INVALID_SHAPE` by `codeShape` where the
 *   codes do not lie side by side
 * @example
 * ```ts
 * const both = concatenate([dense(cosines), identity([64])]); // parameters: 0.atoms
 * ```
 */
export function concatenate<const P extends readonly Operator[]>(operators: P): Concatenation<P> {
  type Names = ConcatenationNames<P>;
  if (!Array.isArray(operators) || operators.length === 0)
    refuse('operators', operators, 'one or more operators');
  const parts: readonly Operator[] = Object.freeze([...operators]);
  const sizes = parts.map(({ name, codeSize }, index) =>
    codeSize === undefined
      ? refuse(`operators[${index}]`, name, 'an operator that says how wide its codes are (codeSize)')
      : codeSize,
  );
  const codeSize = sizes.reduce((sum, size) => sum + size, 0);
  const parameters = Object.assign(
    {},
    ...parts.map((operator, index) => prefixNames(String(index), operator.parameters)),
  ) as Named<Names>;
  const operator: Operator<Names> = {
    name: 'concatenate',
    parameters: Object.freeze(parameters),
    codeSize,
    apply: (x: Tensor) =>
      tf.tidy(() => {
        requireTensor('x', x, '[batch, …, atoms]');
        requireShape('x', x.shape.slice(-1), [codeSize], 'codes with a last axis');
        const pieces = tf.split(x, sizes, -1);
        return pieces
          .map((piece, index) => parts[index]!.apply(piece))
          .reduce((sum, part) => tf.add(sum, part));
      }),
    adjoint: (y: Tensor) =>
      tf.tidy(() =>
        tf.concat(
          parts.map((operator) => operator.adjoint(y)),
          -1,
        ),
      ),
    codeShape: (signalShape: readonly number[]) => {
      const shapes = parts.map((operator) => operator.codeShape(signalShape));
      const leading = shapes[0]!.slice(0, -1);
      for (const [index, shape] of shapes.entries()) {
        if (shape.slice(0, -1).join() !== leading.join()) {
          throw new UnrolledError(
            'INVALID_SHAPE',
            `operators[${index}]: expected codes [${[...leading, '·'].join(', ')}] beside those of the first, got [${shape.join(', ')}]`,
          );
        }
      }
      return [...leading, codeSize];
    },
    lipschitz: async () =>
      (await Promise.all(parts.map((operator) => operator.lipschitz()))).reduce(
        (sum, bound) => sum + bound,
        0,
      ),
    with: (others: Named<Names>) =>
      concatenate(
        parts.map((part, index) => part.with(withoutPrefix(String(index), others))),
      ) as Operator<Names>,
    ...(parts.every(isSolvable) && asDense(parts)),
  };
  return Object.freeze(operator) as Concatenation<P>;
}

const isSolvable = (operator: Operator): operator is SolvableOperator => 'solveRegularized' in operator;

/** What a matrix [A₀ A₁ …] is needed for. */
function asDense(
  parts: readonly SolvableOperator[],
): Pick<SolvableOperator, 'matrix' | 'lipschitz' | 'solveRegularized'> {
  const matrix = async (): Promise<Tensor> => {
    const matrices = await Promise.all(parts.map((part) => part.matrix()));
    try {
      const [features] = matrices[0]!.shape;
      for (const [index, { shape }] of matrices.entries())
        requireShape(
          `operators[${index}]`,
          shape,
          [features!, -1],
          'a matrix with the features of the first',
        );
      return tf.concat(matrices, 1);
    } finally {
      tf.dispose(matrices);
    }
  };
  const withMatrix = async <R>(use: (operator: SolvableOperator) => Promise<R>): Promise<R> => {
    const atoms = await matrix();
    try {
      return await use(dense(atoms));
    } finally {
      atoms.dispose();
    }
  };
  return {
    matrix,
    lipschitz: () => withMatrix((whole) => whole.lipschitz()),
    solveRegularized: (mu) => withMatrix((whole) => whole.solveRegularized(mu)),
  };
}
