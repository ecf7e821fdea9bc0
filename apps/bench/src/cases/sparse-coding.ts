import * as tf from '@tensorflow/tfjs-core';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { codeSpaceFista, coordinateDescent, type SparseProblem, type SparseSolver } from '@unrolled/solvers';
import type { BenchContext, Figure, Prepared, Reached, Variant } from '../benchmark.ts';
import { toTensor } from '../data/arrays.ts';
import { pieceOf, type RecordingProblem } from '../data/recording-problem.ts';
import { ownVersion } from '../own-variant.ts';
import { type PeerResult, type PeerWork, peerBench } from '../peers/peer-bench.ts';
import { type Events, eventsOf, objectiveOf, violationOf } from '../reference/convolutional.ts';

/** KKT violation that an exact solver may leave, in units of λ. */
export const tolerance = 1e-3;
/** Layers of the network. */
export const iterations = 30;
/** What SPORCO has to come within, of the least objective. */
const within = 1e-4;

/** What is run on a recording: which part each of the others is given, 1/share of it. */
export interface SparseCodingPlan {
  readonly problem: RecordingProblem;
  readonly shares: {
    /** Of our FISTA; our exact solver codes all of it. */
    readonly fista: number;
    readonly tfjs: number;
    readonly polyphase: number;
    readonly numpy: number;
    readonly pytorch: number;
    readonly sporco: number;
    readonly alphacsc: number;
  };
  /** Positions that the polyphase form folds into channels; 0 leaves it out. */
  readonly fold: number;
}

/**
 * The variants that code a recording, one thread each: ours exactly and by FISTA, tfjs, and the peers.
 *
 * Objectives are of the whole recording: those of a piece are multiplied by what the least objective of the recording is to that of
 * the piece. So the ratio of two is that on the piece, where both were given it.
 */
export async function prepareSparseCoding(
  context: BenchContext,
  { problem, shares, fold }: SparseCodingPlan,
): Promise<Prepared & { readonly variants: readonly Variant[] }> {
  const solvers = await ownSolvers(problem);
  const leasts = new Map<RecordingProblem, number>();
  const leastOf = (piece: RecordingProblem): number => {
    const least = leasts.get(piece) ?? objectiveOf(piece, solvers.reference.events(piece.y.data));
    leasts.set(piece, least);
    return least;
  };
  const whole = leastOf(problem);
  const reach = (piece: RecordingProblem, code: Events): Reached => {
    const [objective, least] = [objectiveOf(piece, code), leastOf(piece)];
    return { objective: (objective / least) * whole, error: objective / least - 1 };
  };
  const violations = new Map<string, number>();
  const pieces = new Map<number, RecordingProblem>();
  const pieceFor = (share: number): RecordingProblem => {
    const piece = pieces.get(share) ?? pieceOf(problem, share);
    pieces.set(share, piece);
    return piece;
  };

  // A piece ends with a whole block: 1/50 is 1/50.0002.
  const scaleOf = (piece: RecordingProblem): number =>
    Number((problem.y.shape[0]! / piece.y.shape[0]!).toPrecision(4));

  const peers = peerBench(context, 1);
  const add = (
    work: Omit<PeerWork, 'arrays' | 'examine' | 'scaled'> & { readonly share: number; readonly exact?: true },
  ): Promise<void> => {
    const piece = pieceFor(work.share);
    return peers.add({
      ...work,
      arrays: { y: piece.y, filters: piece.filters },
      scaled: scaleOf(piece),
      examine: ({ arrays }: PeerResult) => {
        const code = eventsOf(arrays['code']!);
        if (work.exact) violations.set(work.name, violationOf(piece, code));
        return reach(piece, code);
      },
    });
  };
  const { weight, step } = problem;
  const options = { weight, step, iterations };
  const about = `${iterations} FISTA iterations`;
  await add({
    name: 'tfjs',
    peer: 'tfjs',
    work: 'sparse-code',
    about: `${about}, conv2d and conv2dTranspose as they come`,
    options,
    share: shares.tfjs,
  });
  await add({
    name: 'tfjs-flipped',
    peer: 'tfjs',
    work: 'sparse-code-flipped',
    about: `${about}, synthesis as conv2d with the filters turned round`,
    options,
    share: shares.tfjs,
  });
  if (fold > 0)
    await add({
      name: 'tfjs-polyphase',
      peer: 'tfjs',
      work: 'sparse-code-polyphase',
      about: `${about}, ${fold} positions folded into channels`,
      options: { ...options, fold },
      share: shares.polyphase,
    });
  await add({
    name: 'numpy',
    peer: 'numpy',
    work: 'sparse-code',
    about: `${about}, FFTs of blocks of 1,024`,
    options,
    share: shares.numpy,
  });
  await add({ name: 'pytorch', peer: 'pytorch', work: 'sparse-code', about, options, share: shares.pytorch });
  if (context.peers.names.has('sporco'))
    await add({
      name: 'sporco',
      peer: 'sporco',
      work: 'sparse-code',
      about: `ConvBPDN until its objective is within ${within} of the least, at most 500 iterations`,
      options: { weight, target: leastOf(pieceFor(shares.sporco)), within, mostIterations: 500 },
      share: shares.sporco,
    });
  await add({
    name: 'alphacsc',
    peer: 'alphacsc',
    work: 'sparse-code',
    about: `locally greedy coordinate descent, until no entry moves by more than ${tolerance}·λ`,
    options: { weight, tolerance },
    share: shares.alphacsc,
    exact: true,
  });

  const own = (name: string, description: string, solver: SparseSolver, share: number): Variant => {
    const piece = share === 1 ? problem : pieceFor(share);
    let code: Events;
    return {
      name,
      version: ownVersion,
      threads: 1,
      scaled: scaleOf(piece),
      about: description,
      run: async () => {
        code = solver.events(piece.y.data);
        return undefined;
      },
      examine: async () => {
        if (solver === solvers.exact) violations.set(name, violationOf(piece, code));
        return reach(piece, code);
      },
    };
  };
  return {
    variants: [
      own('unrolled', `coordinate descent, exact to KKT ${tolerance}·λ`, solvers.exact, 1),
      own('unrolled-fista', `${about}, the network's output`, solvers.network, shares.fista),
      ...peers.variants,
    ],
    missing: peers.missing,
    figures: () =>
      [...violations].map(
        ([name, violation]): Figure => ({
          what: `KKT violation of ${name}, in float64`,
          goal: name === 'unrolled' ? `at most ${tolerance}·λ` : 'reported',
          figure: `${violation.toExponential(3)}·λ`,
          // Float32 leaves its last digit.
          met: name === 'unrolled' ? violation <= 1.01 * tolerance : undefined,
        }),
      ),
    dispose: async () => {
      solvers.dispose();
      await peers.dispose();
    },
  };
}

/** Ours: exact, the network, and one ten times as exact to compare with. */
async function ownSolvers({ filters, weight, step }: RecordingProblem) {
  const h = toTensor(filters);
  const prior = l1(weight, { nonNegative: true });
  const problem: SparseProblem = { operator: conv1d(h), prior, likelihood: gaussian() };
  const exact = await coordinateDescent(problem, { tolerance });
  const reference = await coordinateDescent(problem, { tolerance: tolerance / 10 });
  const network = await codeSpaceFista(problem, { iterations, step });
  return {
    exact,
    reference,
    network,
    dispose: () => {
      for (const solver of [exact, reference, network]) solver.dispose();
      tf.dispose([h, ...Object.values(prior.parameters)]);
    },
  };
}
