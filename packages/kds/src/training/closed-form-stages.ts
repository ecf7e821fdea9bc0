import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Network, type Problem, refuse, requireKnownOptions } from '@unrolled/contracts';
import { objective, problemFor } from '@unrolled/solvers';
import type { HostExamples, UpdateStage } from '@unrolled/unroll';
import { solveLandmarks } from '../landmarks/best-landmarks.ts';
import { addCodes, type CodeStatistics, noStatistics } from '../landmarks/code-statistics.ts';
import { reseed } from '../landmarks/reseed.ts';
import { readCodes } from '../sparse-codes.ts';
import { readLandmarks, writeLandmarks } from './network-landmarks.ts';

/**
 * Alternating minimisation as stages of `train`: `codes` encodes a batch and adds it up, and tells the objective on it; `landmarks`, after
 * every epoch, puts the landmarks where that is smallest for these codes (`bestLandmarks`), in float64 on the host.
 *
 * Every epoch sees all examples under the same landmarks, so that the size and order of batches do not matter. An atom that no code has used
 * is put on one of the last batch's examples, far from the others.
 */
export function closedFormStages(options: { readonly reseed: boolean }): readonly UpdateStage[] {
  requireKnownOptions('closedFormStages', options, ['reseed']);
  if (typeof options.reseed !== 'boolean') refuse('reseed', options.reseed, 'true or false');
  let sums: CodeStatistics | undefined;
  const codes: UpdateStage = {
    name: 'codes',
    update: async ({ network, batch }) => {
      const [features, atoms] = network.variables['operator.atoms']!.shape as [number, number];
      sums ??= noStatistics(features, atoms);
      const { x, mean } = encodeWithObjective(network, batch);
      const loss = (await mean.data())[0]!;
      mean.dispose();
      addCodes(sums, await readExamples(batch), await readCodes(x));
      return loss;
    },
    memory: {
      save: () => sums && { ...sums, ...arraysOf(sums) },
      load: (saved) => {
        sums = saved ? restored(saved as Saved) : undefined;
      },
    },
  };
  const landmarks: UpdateStage = {
    name: 'landmarks',
    when: 'epoch',
    update: async ({ network, batch, random }) => {
      const weight = (await network.variables['prior.weight']!.data())[0]!;
      const best = solveLandmarks(sums!, weight, await readLandmarks(network));
      sums = undefined;
      const revived = options.reseed && best.unused.length > 0;
      writeLandmarks(
        network,
        revived ? reseed(best.landmarks, best.unused, await readExamples(batch), random) : best.landmarks,
      );
      return undefined;
    },
  };
  return [codes, landmarks];
}

/** The codes of a batch, and the mean of the objective at them. Fresh tensors. */
function encodeWithObjective(network: Network, batch: Tensor): { readonly x: Tensor; readonly mean: Tensor } {
  return tf.tidy(() => {
    const x = network.encode(batch);
    const problem: Problem = problemFor(network.problem(), batch);
    return { x, mean: tf.mean(objective(problem, batch, x)) };
  });
}

const readExamples = async (batch: Tensor): Promise<HostExamples> => ({
  data: (await batch.data()) as Float32Array,
  shape: batch.shape,
});

/** As JSON has them. */
interface Saved {
  readonly features: number;
  readonly atoms: number;
  readonly examples: number;
  readonly masses: readonly number[];
  readonly gram: readonly number[];
  readonly products: readonly number[];
}

const arraysOf = ({ masses, gram, products }: CodeStatistics) => ({
  masses: Array.from(masses),
  gram: Array.from(gram),
  products: Array.from(products),
});

const restored = ({ masses, gram, products, ...rest }: Saved): CodeStatistics => ({
  ...rest,
  masses: Float64Array.from(masses),
  gram: Float64Array.from(gram),
  products: Float64Array.from(products),
});
