import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import {
  exampleAtoms,
  lassoGradient,
  type Pudle,
  pudle,
  type Representer,
  representer,
} from '@unrolled/pudle';
import { adam, type HostExamples, type Penalty, penalized, train } from '@unrolled/unroll';
import { timed } from '../cpu-time.ts';
import type { Learning } from './plan.ts';
import { descendToRidgePoint, type RidgePoint } from './ridge-point.ts';

/** What was learned, and how near D = X G Zᵀ was on the way. Distances are ‖D − X G Zᵀ‖ / ‖D‖. */
export interface Learned {
  /** `[pixels, atoms]`. */
  readonly atoms: readonly number[];
  /** Of the training digits, `[examples, atoms]`: those that the atoms are the ridge's best for. */
  readonly codes: readonly number[];
  /** The loss of every epoch. */
  readonly losses: readonly number[];
  /** With the codes that the network has: after training, and after every round. */
  readonly distances: readonly number[];
  /** With the codes held, at the ridge point. */
  readonly held: number;
  readonly ridgePoint: RidgePoint;
  /** Processor seconds. */
  readonly seconds: number;
}

/** Learns a dictionary by backpropagation through PUDLE, goes on in rounds, and ends at the ridge point of its last codes. */
export async function learn(
  pictures: HostExamples,
  learning: Learning,
  run: { readonly seed: number; readonly signal: AbortSignal },
): Promise<Learned> {
  const { value, seconds } = await timed(() => learnAtoms(pictures, learning, run));
  return { ...value, seconds };
}

async function learnAtoms(
  pictures: HostExamples,
  learning: Learning,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<Omit<Learned, 'seconds'>> {
  const start = exampleAtoms(pictures, { atoms: learning.atoms, random: random(seed) });
  const network = await networkOf(start, learning);
  start.dispose();
  const x = tf.tensor(pictures.data, [...pictures.shape]);
  const ridge = learning.ridge * pictures.shape[0]!;
  try {
    const losses = await trainNetwork(network, pictures, learning, { seed, signal });
    const distances: number[] = [];
    for (let round = 0; round < learning.rounds; round++) {
      const { best } = await bestAtoms(network, x, pictures, ridge);
      distances.push(relative(await atomsOf(network), best));
      await setAtoms(network, best);
    }
    const { codes, best } = await bestAtoms(network, x, pictures, ridge);
    distances.push(relative(await atomsOf(network), best));
    const held = tf.tensor(codes.data, [...codes.shape]);
    const ridgePoint = await descendToRidgePoint(network, x, held, { ridge, signal });
    held.dispose();
    const atoms = await atomsOf(network);
    return {
      atoms: Array.from(atoms),
      codes: Array.from(codes.data),
      losses,
      distances,
      held: relative(atoms, best),
      ridgePoint,
    };
  } finally {
    x.dispose();
    network.dispose();
  }
}

/** The network around atoms `[pixels, atoms]`, lent. */
export async function networkOf(atoms: Tensor, { weight, layers }: Learning): Promise<Pudle> {
  const prior = l1(weight, { nonNegative: true });
  const network = await pudle({ operator: dense(atoms as Tensor2D), prior, layers, atoms: 'free' });
  tf.dispose(Object.values(prior.parameters));
  return network;
}

/** ‖a − b‖ / ‖b‖. */
export function relative(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  let [off, size] = [0, 0];
  for (let index = 0; index < theirs.length; index++) {
    off += (ours[index]! - theirs[index]!) ** 2;
    size += theirs[index]! ** 2;
  }
  return Math.sqrt(off / size);
}

async function trainNetwork(
  network: Pudle,
  pictures: HostExamples,
  { epochs, batchSize, rate, ridge }: Learning,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<number[]> {
  const name = 'atoms';
  const loss = penalized(lassoGradient(), [halfSquares(ridge)]);
  const stages = [{ name, train: ['operator.atoms'], loss, optimizer: adam({ rate }) }];
  const losses: number[] = [];
  for await (const event of train(network, pictures, { stages, epochs, batchSize, seed, signal }))
    if (event.type === 'epoch') losses.push(event.losses[name]!);
  return losses;
}

/** (weight / 2) ‖D‖². */
const halfSquares =
  (weight: number): Penalty =>
  ({ variables }) =>
    tf.tidy(() => tf.mul(weight / 2, tf.sum(tf.square(variables['operator.atoms']!))));

/** X G Zᵀ for the codes that the network has now, and these. */
async function bestAtoms(
  network: Pudle,
  x: Tensor,
  pictures: HostExamples,
  ridge: number,
): Promise<{ readonly codes: HostExamples; readonly best: Float64Array }> {
  const encoded = network.encode(x);
  const codes = { data: (await encoded.data()) as Float32Array, shape: encoded.shape };
  encoded.dispose();
  const made: Representer = representer(codes, pictures, { ridge });
  return { codes, best: made.dictionary() };
}

const atomsOf = async (network: Pudle): Promise<Float32Array> =>
  (await network.variables['operator.atoms']!.data()) as Float32Array;

async function setAtoms(network: Pudle, values: Float64Array): Promise<void> {
  const atoms = network.variables['operator.atoms']!;
  tf.tidy(() => atoms.assign(tf.tensor(Float32Array.from(values), atoms.shape)));
  await network.refresh();
}
