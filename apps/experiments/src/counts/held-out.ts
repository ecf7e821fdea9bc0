import * as tf from '@tensorflow/tfjs-core';
import { type Network, random } from '@unrolled/contracts';
import type { CountSimulation } from '@unrolled/data';
import { type CountFamily, gaussianCounts } from './families.ts';
import { codesOfGroups, etaOfCodes, type Groups } from './groups.ts';

/** How well fresh trials of the same groups are predicted: deviance explained, over the rates where there is no event. */
export interface HeldOut {
  readonly model: number;
  /** Of a Gaussian whose means are kept in the valid range and no more: at 1 % of the baseline's. */
  readonly clipped?: number;
  /** By the rates that the trials were drawn from. */
  readonly truth: number;
  /** The prior's weight for prediction over that of learning, and the least mean that a Gaussian predicts over the baseline's. */
  readonly chosen: { readonly multiplier: number; readonly floor?: number };
}

const multipliers = [0.1, 0.2, 0.35, 0.6, 1];
/** A Gaussian predicts means below 0, which no count has: they are clipped, and a mean of almost 0 that is wrong costs the most. */
const plainFloor = 0.01;
const floors = [0.001, plainFloor, 0.03, 0.1, 0.3, 0.6];

/**
 * 1 − deviance(means) / deviance(null), both of the same counts.
 *
 * @param means of every count, within the range of the family
 */
export async function devianceExplained(
  family: CountFamily,
  counts: Float32Array,
  means: Float32Array,
  nullMeans: Float32Array,
): Promise<number> {
  const [model, none] = [
    await devianceOf(family, counts, means),
    await devianceOf(family, counts, nullMeans),
  ];
  return 1 - model / none;
}

/** The deviance of counts, all together. */
export async function devianceOf(
  { plain, link }: CountFamily,
  counts: Float32Array,
  means: Float32Array,
): Promise<number> {
  const deviance = tf.tidy(() =>
    tf.sum(
      plain.deviance(
        tf.tensor2d(counts, [1, counts.length]),
        tf.tensor2d(means.map(link), [1, means.length]),
      ),
    ),
  );
  const [value] = await deviance.data();
  deviance.dispose();
  return value!;
}

/** The prior's weight, and where the Gaussian is clipped, are chosen by fresh trials; others judge. */
export async function heldOut(
  network: Network,
  of: {
    readonly truth: CountFamily;
    readonly family: CountFamily;
    readonly groups: Groups;
    readonly world: CountSimulation;
    readonly weight: number;
    readonly batchSize: number;
    readonly seed: number;
  },
): Promise<HeldOut> {
  const { truth, family, groups, world, weight, batchSize, seed } = of;
  const { data, shape } = world.naturalParameters;
  const eta = tf.tensor(data, [...shape]);
  const draw = async (name: string): Promise<Float32Array> => {
    const sample = await truth.plain.sample(eta, random(seed).split(name));
    const values = (await sample.data()) as Float32Array;
    sample.dispose();
    return values;
  };
  const [validation, test] = [await draw('validation'), await draw('test')];
  eta.dispose();
  const nullMeans = data.map((_, index) => truth.mean(world.baselines.data[Math.floor(index / shape[1]!)]!));

  // Of a family that needs no floor there is one candidate for each weight.
  const candidates: Candidate[] = [];
  const variable = network.variables['prior.weight']!;
  for (const multiplier of multipliers) {
    tf.tidy(() => variable.assign(tf.fill(variable.shape, multiplier * weight)));
    const predicted = (await predictedEta(network, groups, batchSize)).map(family.mean);
    for (const floor of family === gaussianCounts ? floors : [undefined]) {
      const means = floor === undefined ? predicted : clipped(predicted, nullMeans, floor, truth.largest);
      const score = await devianceExplained(truth, validation, means, nullMeans);
      candidates.push({ score, means, chosen: { multiplier, ...(floor !== undefined && { floor }) } });
    }
  }
  const best = bestOf(candidates);
  const plain = candidates.filter(({ chosen }) => chosen.floor === plainFloor);
  const explained = (means: Float32Array): Promise<number> =>
    devianceExplained(truth, test, means, nullMeans);
  return {
    model: await explained(best.means),
    ...(plain.length > 0 && { clipped: await explained(bestOf(plain).means) }),
    truth: await explained(data.map(truth.mean)),
    chosen: best.chosen,
  };
}

interface Candidate {
  readonly score: number;
  readonly means: Float32Array;
  readonly chosen: HeldOut['chosen'];
}

const bestOf = (candidates: readonly Candidate[]): Candidate =>
  candidates.reduce((best, candidate) => (candidate.score > best.score ? candidate : best));

/** η = H x_T + a of every group. */
async function predictedEta(network: Network, groups: Groups, batchSize: number): Promise<Float32Array> {
  const codes = await codesOfGroups(network, groups, batchSize);
  const filters = network.variables['operator.filters']!;
  return etaOfCodes(groups, codes, { data: (await filters.data()) as Float32Array, shape: filters.shape });
}

/** At least `floor` times the baseline's mean; at most as far below what a count can be. */
function clipped(means: Float32Array, baseline: Float32Array, floor: number, largest: number) {
  return means.map((mean, index) => {
    const least = floor * baseline[index]!;
    return Math.min(Math.max(mean, least), largest - least);
  });
}
