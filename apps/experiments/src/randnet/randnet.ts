import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { compose, dense, unitSphere } from '@unrolled/operators';
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
  /** A bound L of ‖Φ H‖² for every Φ; 1/L is the step. */
  readonly bound: number;
}

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
  // With its Gram matrix a layer costs atoms², through the signal 2 (features + measurements) atoms.
  const iteration = fista({ operator, prior, likelihood: gaussian() }, { step: 1 / bound, form: 'gram' });
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

/** What is seen of signals `[signals, features]` through the matrix that the network has: u = Φ y. A fresh tensor. */
export function measured(network: Network, signals: Tensor): Tensor {
  return dense(network.variables['operator.outer.atoms']!).apply(signals);
}
