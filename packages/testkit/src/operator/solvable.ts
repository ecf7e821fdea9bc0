import * as tf from '@tensorflow/tfjs-core';
import type { Operator, SolvableOperator } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { type HostTensor, norm, normalValues, read } from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import type { OperatorSubject } from './subject.ts';

/** What SALSA and LISTA ask of an operator besides; skipped for operators that are not solvable. */
export const solvableLaws: readonly Law<OperatorSubject>[] = [
  {
    name: 'matrix',
    statement: 'A x = matrix() x, matrix() [features, atoms] a fresh tensor',
    applies: ({ operator }) => 'matrix' in operator,
    check: checkMatrix,
  },
  {
    name: 'regularised solve',
    statement:
      '(μ I + Aᵀ A) solve(q) = q, solve(q) = matrix() q, and by factor(); dispose() frees everything; μ ≤ 0 is refused',
    applies: ({ operator }) => 'solveRegularized' in operator,
    check: checkSolve,
  },
];

/** Conditioning times float32 rounding, for μ of the size of ‖A‖². */
const TOLERANCE = 1e-4;

function asSolvable(operator: Operator): SolvableOperator {
  return operator as SolvableOperator;
}

async function checkMatrix({ operator, signalShape }: OperatorSubject, context: Context): Promise<void> {
  const x = normalValues(operator.codeShape(signalShape), context.random);
  const before = tf.memory().numTensors;
  const matrix = await asSolvable(operator).matrix();
  const made = tf.memory().numTensors - before;
  try {
    if (made !== 1) breaks(context, 'tensors that matrix() makes', 1, made);
    if (Object.values(operator.parameters).includes(matrix)) {
      breaks(context, 'matrix()', 'a fresh tensor', 'a parameter itself');
    }
    const [seen, expected] = await withInputs({ x }, async (tensors) => [
      await read(() => tf.matMul(tensors['x']!, tf.transpose(matrix))),
      await read(() => operator.apply(tensors['x']!)),
    ]);
    expectClose('x matrix()ᵀ', seen!, expected!, context);
  } finally {
    if (!Object.values(operator.parameters).includes(matrix)) matrix.dispose();
  }
}

async function checkSolve({ operator, signalShape }: OperatorSubject, context: Context): Promise<void> {
  const solvable = asSolvable(operator);
  const q = normalValues(operator.codeShape(signalShape), context.random);
  const before = tf.memory().numTensors;
  const mu = Math.max(await operator.lipschitz(), 1e-3) / 3;
  const solve = await solvable.solveRegularized(mu);
  const [solved, byMatrix, byFactor, back] = await withInputs({ q }, async (tensors) => [
    await read(() => solve.solve(tensors['q']!)),
    await read(() => tf.matMul(tensors['q']!, solve.matrix())),
    await read(() => solveBy(solve.factor(), mu, tensors['q']!)),
    await read(() => {
      const x = solve.solve(tensors['q']!);
      return tf.add(tf.mul(mu, x), operator.adjoint(operator.apply(x)));
    }),
  ]);
  expectClose('(μ I + Aᵀ A) solve(q)', back!, q, context);
  expectClose('matrix() q', byMatrix!, solved!, context);
  expectClose('Fᵀ F q, F = factor()', byFactor!, solved!, context);
  solve.dispose();
  const left = tf.memory().numTensors - before;
  if (left !== 0) breaks(context, 'tensors left after dispose()', 0, left);
  let refused = false;
  try {
    (await solvable.solveRegularized(0)).dispose();
  } catch {
    refused = true;
  }
  if (!refused) breaks(context, 'solveRegularized(0)', 'an error', 'a result');
}

/** S q as the contract says how a factor makes it. */
function solveBy(factor: tf.Tensor, mu: number, q: tf.Tensor): tf.Tensor {
  const product = tf.matMul(tf.matMul(q, tf.transpose(factor)), factor);
  return factor.shape[0]! < factor.shape[1]! ? tf.div(tf.sub(q, product), mu) : product;
}

function expectClose(claim: string, seen: HostTensor, expected: HostTensor, context: Context): void {
  const distance = norm(seen.values.map((value, i) => value - expected.values[i]!));
  const scale = norm(expected.values);
  if (!(distance <= TOLERANCE * scale)) {
    breaks(context, claim, 'the same vector', `one ${distance / scale} away, relative to its norm`);
  }
}
