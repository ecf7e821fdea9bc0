import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import {
  estimatedGradient,
  type GradientDistances,
  gradientDistances,
  gradientLimits,
  jacobianNorms,
  type LayerSupport,
  leastSquaresGradient,
  type Pudle,
  pudle,
  supportSelection,
} from '@unrolled/pudle';
import { median } from '../markdown.ts';
import type { LimitsPlan } from './plan.ts';
import { type SparseWorld, sparseWorld } from './sparse-world.ts';
import { type SolvedLasso, truncatedLimit } from './truncated-limit.ts';

/** Where the gradients of one dictionary go. */
export interface LimitsResult {
  readonly depths: readonly { readonly layers: number; readonly distances: GradientDistances }[];
  /** Of gradients through the last B layers of a deep network: relative distances to (4.2) and to the limit of the whole gradient. */
  readonly truncated: readonly {
    readonly last: number;
    readonly formula: number;
    readonly limit: number;
  }[];
  /** The relative distance of the implicit gradient to (4.1) on the host. */
  readonly implicit: number;
  readonly supports: readonly LayerSupport[];
  /** The layer at which supports have settled: half of the signals, and all but a hundredth. */
  readonly settled: { readonly half: number; readonly nearlyAll: number };
  /** ‖∂z_t/∂D‖, the root mean square over signals. */
  readonly jacobians: readonly { readonly layer: number; readonly norm: number }[];
}

/** Measures all of it at one dictionary, near the true one. */
export async function measureLimits(
  plan: LimitsPlan,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<LimitsResult> {
  const world = sparseWorld(plan.world, plan.deviation, seed);
  const [y, codes] = [world.signals, world.codes].map(({ data, shape }) => tf.tensor(data, [...shape])) as [
    Tensor,
    Tensor,
  ];
  const withNetwork = async <R>(layers: number, f: (network: Pudle) => Promise<R>): Promise<R> => {
    signal.throwIfAborted();
    const { step, weight } = plan;
    const prior = l1(weight);
    const network = await pudle({ operator: dense(world.start), prior, layers, step });
    prior.parameters.weight.dispose();
    try {
      return await f(network as unknown as Pudle);
    } finally {
      network.dispose();
    }
  };
  try {
    const depths: LimitsResult['depths'][number][] = [];
    for (const layers of plan.depths)
      depths.push({
        layers,
        distances: await withNetwork(layers, (network) =>
          gradientDistances(network, y, { codes, iterations: plan.iterations }),
        ),
      });
    return await withNetwork(plan.deep, async (network) => {
      const { layers: supports, settledAt } = await supportSelection(network, y, { codes });
      const some = tf.slice(y, [0, 0], [plan.probed, plan.world.features]);
      const norms = await jacobianNorms(network, some, {
        random: random(seed).split('probes'),
        layers: plan.jacobians,
      });
      some.dispose();
      const order = [...settledAt].sort((a, b) => a - b);
      return {
        depths,
        ...(await measureTruncation(network, y, world, plan)),
        supports,
        settled: { half: median(order), nearlyAll: order[Math.ceil(0.99 * order.length) - 1]! },
        jacobians: plan.jacobians.map((layer, index) => ({ layer, norm: norms[index]! })),
      };
    });
  } finally {
    tf.dispose([y, codes, world.start]);
  }
}

async function measureTruncation(
  network: Pudle,
  y: Tensor,
  { signals }: SparseWorld,
  { world: { features, atoms }, step, weight, iterations, truncations }: LimitsPlan,
): Promise<Pick<LimitsResult, 'truncated' | 'implicit'>> {
  const limits = await gradientLimits(network, y, { iterations });
  try {
    const lasso: SolvedLasso = {
      matrix: Float64Array.from(await network.variables['operator.atoms']!.data()),
      features,
      atoms,
      weight,
      step,
      signals: Float64Array.from(signals.data),
      codes: Float64Array.from(await limits.code.data()),
    };
    const whole = truncatedLimit(lasso, Number.POSITIVE_INFINITY);
    const truncated: LimitsResult['truncated'][number][] = [];
    for (const last of truncations) {
      const gradient = estimatedGradient(network, y, leastSquaresGradient({ last }));
      const found = await gradient.data();
      gradient.dispose();
      truncated.push({
        last,
        formula: apart(found, truncatedLimit(lasso, last)),
        limit: apart(found, whole),
      });
    }
    return { truncated, implicit: apart(await limits.leastSquares.data(), whole) };
  } finally {
    tf.dispose({ ...limits });
  }
}

/** ‖found − expected‖ / ‖expected‖ */
const apart = (found: ArrayLike<number>, expected: Float64Array): number =>
  Math.hypot(...expected.map((value, index) => value - found[index]!)) / Math.hypot(...expected);
