import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, kktViolation, maxIterations, solve } from '@unrolled/solvers';
import type { Case, Reached } from '../benchmark.ts';
import { firstExamples, toTensor } from '../data/arrays.ts';
import { denseSetting } from '../data/dense-problem.ts';
import { fasterThan } from '../goals.ts';
import { ownVersion } from '../own-variant.ts';
import { type PeerResult, peerBench, valuesOf } from '../peers/peer-bench.ts';
import { examineDense } from '../reference/dense.ts';

/** The KKT violation at which ours stops, in units of the weight. */
const tolerance = 1e-3;

/** The lasso with a dense dictionary, solved. */
export const lassoCase: Case = {
  name: 'lasso',
  about: 'the lasso of 512 signals, 256 features, 1,024 atoms, solved to KKT 1e-3·λ',
  error: 'largest KKT violation, in units of λ, in float64',
  goals: [fasterThan('unrolled', 'scikit-learn'), fasterThan('unrolled', 'tfjs')],
  prepare: async (context) => {
    const setting = await denseSetting(context.size);
    const { signals, atoms, weight, step } = setting;
    const reach = (code: ArrayLike<number>, of = setting): Reached => {
      const { objective, violation } = examineDense(of, code);
      return { objective, error: violation };
    };
    const [a, y] = [toTensor(atoms), toTensor(signals)];
    const prior = l1(weight);
    const problem = { operator: dense(a), prior, likelihood: gaussian() };
    // The rule measures violations by the largest entry of Aᵀ y.
    const pull = matMul(y, a);
    const largest = (await pull.data<'float32'>()).reduce(
      (most, value) => Math.max(most, Math.abs(value)),
      0,
    );
    pull.dispose();
    const stop = [kktViolation((tolerance * weight) / largest), maxIterations(5000)];
    const solved = () => solve(fista(problem, { step, restart: 'gradient' }), y, { stop });
    const { code, iterations } = await solved();
    const ours = await code.data();
    code.dispose();

    let last: ArrayLike<number> = [];
    const own = {
      name: 'unrolled',
      version: ownVersion,
      threads: 1,
      about: `FISTA with restarts, ${iterations} iterations`,
      run: async () => {
        const solution = await solved();
        last = await solution.code.data();
        solution.code.dispose();
        return undefined;
      },
      examine: async () => reach(last),
    };
    const peers = peerBench(context, 2);
    await peers.add({
      name: 'tfjs',
      peer: 'tfjs',
      work: 'lasso',
      about: `${iterations} iterations of FISTA without restarts`,
      arrays: { signals, atoms },
      options: { weight, step, iterations },
      examine: (result: PeerResult) => reach(valuesOf(result, 'code')),
    });
    // Coordinate descent takes a second for a few signals, and each signal by itself.
    const few = firstExamples(signals, Math.max(1, signals.shape[0]! / 8));
    const scaled = signals.shape[0]! / few.shape[0]!;
    await peers.add({
      name: 'scikit-learn',
      peer: 'scikit-learn',
      work: 'lasso',
      about: 'sparse_encode(algorithm="lasso_cd")',
      arrays: { signals: few, atoms },
      options: { weight, iterations: 5000 },
      scaled,
      examine: (result: PeerResult) => {
        const piece = { ...setting, signals: few };
        const { objective, error } = reach(valuesOf(result, 'code'), piece);
        // Of all signals, by what ours are to those of the piece.
        return { objective: (objective! / reach(ours, piece).objective!) * reach(ours).objective!, error };
      },
    });
    return {
      variants: [...peers.variants, own],
      missing: peers.missing,
      dispose: async () => {
        await peers.dispose();
        tf.dispose([a, y, ...Object.values(prior.parameters)]);
      },
    };
  },
};
