import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { compose, dense, powerIteration, unitSphere } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista } from '@unrolled/solvers';
import { unroll } from '@unrolled/unroll';
import { type Measuring, measurementMatrix, normalMatrix } from './measurements.ts';

/** A RandNet. */
export interface Settings {
  readonly measuring: Measuring;
  readonly atoms: number;
  /** λ of ½‖u − Φ H x‖² + λ ‖x‖₁. */
  readonly weight: number;
  readonly layers: number;
  /** A bound of ‖Φ H‖² for every Φ, as it seems at first; its inverse is the step. */
  readonly bound: number;
}

/** How far ‖Φ H‖² may grow until the next look at it, and from one Φ to another. */
const safety = 1.3;

/** The name of H among the network's variables. */
export const dictionaryName = 'operator.inner.atoms';

/**
 * RandNet as a composition: FISTA unrolled on Φ ∘ H, H in every layer and in the decoder, its columns of norm 1. Φ is whatever
 * `measureBy` put there last.
 *
 * @param dictionary H to start from `[features, atoms]`; lent. Default: normal columns
 * @see Chang, Tolooshams & Ba, "RandNet: deep learning with compressed measurements of images", MLSP 2019
 */
export async function randnet(settings: Settings, dictionary?: Tensor): Promise<Network> {
  const { measuring, atoms, weight, layers, bound } = settings;
  const phi = measurementMatrix(measuring, 0);
  const start = tf.tidy(() =>
    unitSphere(dictionary ?? normalMatrix(measuring.features, atoms, `${measuring.seed}, H`)),
  );
  const prior = l1(weight);
  const operator = compose(dense(phi), dense(start));
  // Of its own, the step would be 1 / (‖Φ‖² ‖H‖²), by a factorisation after every update: dear, and several times too small.
  const iteration = fista({ operator, prior, likelihood: gaussian() }, { step: 1 / bound });
  const network = await unroll(iteration, {
    layers,
    train: [dictionaryName],
    constraints: { [dictionaryName]: unitSphere },
  });
  tf.dispose([phi, start, { ...prior.parameters }]);
  return network;
}

/** Puts the matrix of a block of signals into a network. */
export function measureBy(network: Network, measuring: Measuring, block: number): void {
  tf.tidy(() => network.variables['operator.outer.atoms']!.assign(measurementMatrix(measuring, block)));
}

/** Makes the step shorter where H has outgrown the bound that it comes from. */
export async function keepStepSafe(network: Network): Promise<void> {
  const { operator } = network.problem();
  const atoms = network.variables[dictionaryName]!.shape[1]!;
  const bound = await powerIteration(operator, [1, atoms], { iterations: 50, safety });
  tf.tidy(() => {
    const step = network.variables['step']!;
    step.assign(tf.minimum(step, 1 / bound));
  });
}

/** What is seen of signals `[signals, features]` through the matrix that the network has: u = Φ y. A fresh tensor. */
export function measured(network: Network, signals: Tensor): Tensor {
  return dense(network.variables['operator.outer.atoms']!).apply(signals);
}
