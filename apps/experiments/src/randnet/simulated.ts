import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { dictionaryError } from '@unrolled/metrics';
import { dense, unitSphere } from '@unrolled/operators';
import { type Learned, type Learning, learn } from './learn.ts';
import { type Measuring, normalMatrix } from './measurements.ts';
import { dictionaryName, randnet, type Settings } from './randnet.ts';

/** Signals of few atoms of a known dictionary. */
export interface Simulation extends Omit<Settings, 'measuring'>, Learning {
  readonly features: number;
  readonly measurements: number;
  /** Atoms of a code, amplitudes uniform in ±[4, 5]. */
  readonly entries: number;
  readonly blocks: number;
  readonly signals: number;
  /** In each case as many matrices, which the blocks take in turn. */
  readonly matrices: readonly number[];
}

/** How far the learned dictionary is from the true one with so many matrices: its error at first and after every epoch. */
export interface SimulationResult extends Learned {
  readonly matrices: number;
}

/** Learns a dictionary from a random start, through one matrix or many. */
export async function recover(
  simulation: Simulation,
  matrices: number,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<SimulationResult> {
  const { features, atoms, measurements, blocks } = simulation;
  const measuring: Measuring = { features, measurements, seed };
  const truth = tf.tidy(() => unitSphere(normalMatrix(features, atoms, `${seed}, truth`)));
  const network = await randnet({ ...simulation, measuring });
  try {
    const watch = async (): Promise<number> =>
      dictionaryError(await onHost(truth), await onHost(network.variables[dictionaryName]!)).mean;
    const block = (index: number): Tensor =>
      tf.tidy(() => dense(truth).apply(sparseCodes(simulation, `${seed}, codes ${index}`)));
    const source = { measuring, blocks, block, watch, matrixOf: (index: number) => index % matrices };
    return { matrices, ...(await learn(network, source, simulation, { seed, signal })) };
  } finally {
    truth.dispose();
    network.dispose();
  }
}

function sparseCodes({ signals, atoms, entries }: Simulation, name: string): Tensor {
  const draw = random(0).split(name);
  const data = new Float32Array(signals * atoms);
  for (let row = 0; row < signals; row++)
    for (const atom of draw.permutation(atoms).subarray(0, entries))
      data[row * atoms + atom] = (2 * draw.integer(2) - 1) * draw.uniform(4, 5);
  return tf.tensor2d(data, [signals, atoms]);
}

const onHost = async (tensor: Tensor) => ({ data: await tensor.data(), shape: tensor.shape });
