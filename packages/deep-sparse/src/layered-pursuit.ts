import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Network,
  type Operator,
  type Prior,
  refuse,
  requireKnownOptions,
  UnrolledError,
} from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { unitSphere } from '@unrolled/operators';
import { ista, type Momentum } from '@unrolled/solvers';
import { unroll } from '@unrolled/unroll';

/** One dictionary of a hierarchy, and the prior of its codes. Lent. */
export interface Level {
  readonly operator: Operator;
  readonly prior: Prior;
  /** α of this level. Default 1/‖A‖². */
  readonly step?: number;
}

/** Options of {@link layeredPursuit}. */
export interface LayeredPursuitOptions {
  /** From the data upwards: A¹ takes codes to signals, A² codes of the second level to codes of the first, and so on. */
  readonly levels: readonly Level[];
  /** T, the steps of pursuit in every level. 1 makes a feed-forward network. */
  readonly layers: number;
  /** β_t, t from 1: FISTA in place of ISTA. Default: none. */
  readonly momentum?: Momentum;
}

/** A hierarchy of unrolled encoders, with one decoder through all of them. */
export interface DeepNetwork {
  /** The network of every level, from the data upwards: train them one by one. Owned by the whole. */
  readonly networks: readonly Network[];
  /** x¹ … x^L of signals `[batch, …]`, from the data upwards. Fresh tensors. */
  encode(y: Tensor): Tensor[];
  /** A¹ A² … A^L x^L: the signals of codes of the highest level, or of the one that is named (from 1). A fresh tensor. */
  decode(x: Tensor, level?: number): Tensor;
  dispose(): void;
}

/**
 * Layered pursuit: the code of a level is what the next level encodes,
 *
 *     x^l = T steps of ISTA on ½‖x^{l−1} − A^l x‖² + Φ_l(x),   x⁰ = y,   ŷ = A¹ A² … A^L x^L
 *
 * With T = 1 and non-negative ℓ1 priors it *is* a ReLU network, bit for bit: x^l = relu(α_l · (A^lᵀ x^{l−1}) − α_l λ_l).
 *
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws INVALID_ARGUMENT for no levels or ones that are none; INVALID_SHAPE where a level's signals are not the codes of the one
 *   below it; UNKNOWN_OPTION
 * @example
 * const network = await layeredPursuit({
 *   levels: dictionaries.map((atoms) => ({ operator: dense(atoms), prior: l1(0.1, { nonNegative: true }) })),
 *   layers: 50,
 * });
 * const [x1, x2] = network.encode(y);
 * @see Papyan, Romano & Elad, "Convolutional neural networks analyzed via convolutional sparse coding", JMLR 18 (2017), algorithm 2;
 *   Ba, "Deeply-sparse signal representations (DS²P)", IEEE Trans. Signal Processing 68 (2020)
 */
export async function layeredPursuit(options: LayeredPursuitOptions): Promise<DeepNetwork> {
  requireKnownOptions('layeredPursuit', options, ['levels', 'layers', 'momentum']);
  const { levels, layers, momentum } = options;
  if (!Array.isArray(levels) || levels.length === 0) refuse('levels', levels, 'at least one level');
  requireChain(levels);
  const networks: Network[] = [];
  try {
    for (const { operator, prior, step } of levels as readonly Level[]) {
      const train = Object.keys(operator.parameters).map((name) => `operator.${name}`);
      const iteration = ista(
        { operator, prior, likelihood: gaussian() },
        { ...(step !== undefined && { step }), ...(momentum && { momentum }) },
      );
      const network = await unroll<string, string, typeof iteration.problem>(iteration, {
        layers,
        train,
        constraints: Object.fromEntries(train.map((name) => [name, unitSphere])),
      });
      networks.push(network);
    }
  } catch (error) {
    for (const network of networks) network.dispose();
    throw error;
  }
  return Object.freeze<DeepNetwork>({
    networks,
    encode: (y) =>
      tf.tidy(() => {
        const codes: Tensor[] = [];
        for (const network of networks) codes.push(network.encode(codes.at(-1) ?? y));
        return codes;
      }),
    decode: (x, level = networks.length) => {
      if (!Number.isInteger(level) || level < 1 || level > networks.length)
        refuse('level', level, `a level from 1 to ${networks.length}`);
      return tf.tidy(() => networks.slice(0, level).reduceRight((code, network) => network.decode(code), x));
    },
    dispose: () => {
      for (const network of networks) network.dispose();
    },
  });
}

/** Dense dictionaries have to fit like cog-wheels; other operators say so when they are used. */
function requireChain(levels: readonly Level[]): void {
  for (const [index, level] of levels.entries()) {
    if (typeof level?.operator?.adjoint !== 'function')
      refuse(`levels[${index}].operator`, level?.operator, 'an operator, such as dense(atoms)');
    if (typeof level.prior?.prox !== 'function') refuse(`levels[${index}].prior`, level.prior, 'a prior');
    const below = levels[index - 1]?.operator.codeSize;
    const features = level.operator.parameters['atoms']?.shape[0];
    if (below !== undefined && features !== undefined && below !== features) {
      throw new UnrolledError(
        'INVALID_SHAPE',
        `levels[${index}].operator: expected atoms of ${below} features, the codes of the level below, got ${features}`,
      );
    }
  }
}
