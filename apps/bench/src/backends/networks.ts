import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import type { Gradient, Network, Operator } from '@unrolled/contracts';
import { type Crsae, crsae } from '@unrolled/crsae';
import { simulateWindows } from '@unrolled/data';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d, dense, unitSphere } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista } from '@unrolled/solvers';
import { adam, reconstruction, unroll } from '@unrolled/unroll';
import { normal } from '../tensors.ts';
import type { Values } from './compare.ts';

/** What follows holds tensors: made on the backend that is in use, and disposed of there. */
function instance<O extends Operator>(operator: O, weight: number, y: Tensor, step: number) {
  const problem = { operator, prior: l1(weight), likelihood: gaussian() };
  return {
    problem,
    y,
    step,
    dispose: () => tf.dispose([y, { ...operator.parameters }, { ...problem.prior.parameters }]),
  };
}

/** Sixteen signals of 32 numbers in a dictionary of 64. A random dictionary has ‖A‖² < (1 + √(64/32))² = 5.8. */
export const denseProblem = () =>
  instance(dense(tf.tidy(() => unitSphere(normal([32, 64], 11)))), 0.2, normal([16, 32], 12), 1 / 6);

/** Windows with spikes of two templates. ‖H‖² of two unit-norm filters of 18 samples is below 2 · 18. */
export function convolutionalProblem() {
  const { signals, filters } = windows(4, 200, 2);
  return instance(conv1d(filters), 0.3, signals, 1 / 36);
}

/** Simulated windows and the templates in them. */
export function windows(
  count: number,
  length: number,
  atoms: number,
  filterLength = 18,
): { readonly signals: Tensor; readonly filters: Tensor } {
  const simulation = simulateWindows({
    windows: count,
    length,
    filters: atoms,
    filterLength,
    maxCrossCorrelation: 0.95,
    seed: 7,
  });
  const toTensor = ({ data, shape }: typeof simulation.signals): Tensor => tf.tensor(data, [...shape]);
  return { signals: toTensor(simulation.signals), filters: toTensor(simulation.filters) };
}

/** Noise added to the templates: where learning begins. */
export async function crsaeFor(filters: Tensor, layers: number): Promise<Crsae> {
  const start = tf.tidy(() => tf.add(filters, tf.mul(0.1, normal(filters.shape, 8))));
  const network = await crsae({ filters: start, weight: 1, layers });
  start.dispose();
  return network;
}

/** An unrolled FISTA of so many layers, its atoms trained. */
export async function denseNetwork(features: number, atoms: number, layers: number): Promise<Network> {
  const operator = dense(tf.tidy(() => unitSphere(normal([features, atoms], 11))));
  const prior = l1(0.2);
  const network = await unroll(fista({ operator, prior, likelihood: gaussian() }), {
    layers,
    train: ['operator.atoms', 'prior.weight'],
    constraints: { 'operator.atoms': unitSphere },
  });
  tf.dispose([{ ...operator.parameters }, { ...prior.parameters }]);
  return network;
}

/** Loss and gradients of a batch, Adam's update, the constraints, and what follows from the parameters. */
export function trainer(network: Network, y: Tensor, gradient: Gradient = 'full') {
  const loss = reconstruction({ gradient });
  const optimizer = adam({ rate: 0.001 }).begin(network.trainable);
  return {
    gradients: () => valueAndGradients(() => loss(network, y), network.trainable),
    update: async (gradients: readonly (Tensor | null)[]) => {
      optimizer.apply(gradients);
      network.constrain();
      await network.refresh();
    },
    dispose: () => optimizer.dispose(),
  };
}

/** One step of training: codes, loss, gradients, and the parameters after it. */
async function stepOf(network: Network, y: Tensor, gradient: Gradient): Promise<Values> {
  const { gradients: differentiate, update, dispose } = trainer(network, y, gradient);
  const values: { [name: string]: Float32Array } = {};
  const keep = async (name: string, tensor: Tensor) => {
    values[name] = Float32Array.from(await tensor.data());
  };
  try {
    const code = network.encode(y);
    await keep('code', code);
    code.dispose();
    const { value, gradients } = differentiate();
    await keep('loss', value);
    for (const [index, one] of gradients.entries()) if (one) await keep(`gradient ${index}`, one);
    await update(gradients);
    tf.dispose([value, ...gradients.filter((one) => one !== null)]);
    for (const [name, variable] of Object.entries(network.variables)) await keep(name, variable);
    return values;
  } finally {
    dispose();
    network.dispose();
  }
}

/** A step of CRsAE, 30 layers. */
export async function convolutionalStep(gradient: Gradient): Promise<Values> {
  const { signals, filters } = windows(8, 200, 2);
  try {
    return await stepOf((await crsaeFor(filters, 30)) as unknown as Network, signals, gradient);
  } finally {
    tf.dispose([signals, filters]);
  }
}

/** A step of an unrolled dense FISTA with twice as many atoms as features. */
export const denseStep = (gradient: Gradient): Promise<Values> => denseStepOf(32, 64, 16, gradient);

/** Where the gradient is that of the fixed point, there has to be one: fewer atoms than features, and layers until it converges. */
export const fixedPointStep = (): Promise<Values> => denseStepOf(64, 32, 100, { implicit: {} });

async function denseStepOf(
  features: number,
  atoms: number,
  layers: number,
  gradient: Gradient,
): Promise<Values> {
  const y = normal([16, features], 12);
  try {
    return await stepOf(await denseNetwork(features, atoms, layers), y, gradient);
  } finally {
    y.dispose();
  }
}
