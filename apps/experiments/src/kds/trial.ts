import * as tf from '@tensorflow/tfjs-core';
import {
  clusterCodes,
  codesOf,
  type Kds,
  kds,
  type Points,
  seedLandmarks,
  type TrainKdsOptions,
  trainKds,
} from '@unrolled/kds';
import { clusterAccuracy } from '@unrolled/metrics';
import { adam, clipped, type HostExamples } from '@unrolled/unroll';
import { timed } from '../cpu-time.ts';
import type { Network, Training } from './plan.ts';

/** Examples, and the class of each. */
export interface Labelled {
  readonly examples: HostExamples;
  readonly labels: Int32Array;
}

/** What one training gave. CPU seconds of one thread. */
export interface TrialResult {
  readonly training: Training;
  readonly seed: number;
  /** The objective, epoch by epoch, before the update of each. */
  readonly losses: readonly number[];
  /** Shares of examples in the right cluster. `untrained`: with the landmarks as they were seeded, on those that are trained on. */
  readonly accuracy: { readonly untrained: number; readonly train: number; readonly test: number };
  /** Atoms that a code is made of, the mean over the examples trained on. */
  readonly entries: number;
  readonly seconds: {
    readonly training: number;
    /** Of all examples that were trained on. */
    readonly encoding: number;
    readonly clustering: number;
    /** Encoding the others and finding their clusters. */
    readonly assigning: number;
  };
  /** The largest eigenvalues of the graph of atoms. */
  readonly eigenvalues: readonly number[];
  /** Landmarks at first and at last, `[features, atoms]`. */
  readonly seeded: readonly number[];
  readonly learned: readonly number[];
  /** The cluster of every landmark. */
  readonly atomLabels: readonly number[];
  /** Some of the others in the embedding: a row of norm 1 for each, to four digits, and its class. */
  readonly embedded: { readonly places: readonly (readonly number[])[]; readonly labels: readonly number[] };
}

/** As many of the others as are shown in the embedding. */
const shown = 1000;

/** Seeds landmarks, trains them, clusters what they were trained on, and assigns others. */
export async function runTrial(
  { train, test, classes }: { readonly train: Labelled; readonly test: Labelled; readonly classes: number },
  { atoms, weight, layers }: Network,
  training: Training,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<TrialResult> {
  const seeds = seedLandmarks(train.examples, atoms, { seed });
  const landmarks = tf.tensor(seeds.data, [...seeds.shape]);
  const network = await kds({ landmarks, weight, layers });
  landmarks.dispose();
  try {
    const untrained = clusterCodes(await codesOf(network, train.examples, { signal }), classes, { seed });
    const trained = await timed(() =>
      lossesOf(network, train.examples, { ...optionsOf(training), seed, signal }),
    );
    const coded = await timed(() => codesOf(network, train.examples, { signal }));
    const clustered = await timed(async () => clusterCodes(coded.value, classes, { seed }));
    const assigned = await timed(async () => {
      const others = await codesOf(network, test.examples, { signal });
      return { labels: clustered.value.assign(others), codes: others };
    });
    return {
      training,
      seed,
      losses: trained.value,
      accuracy: {
        untrained: clusterAccuracy(train.labels, untrained.labels),
        train: clusterAccuracy(train.labels, clustered.value.labels),
        test: clusterAccuracy(test.labels, assigned.value.labels),
      },
      entries: coded.value.values.length / coded.value.examples,
      seconds: {
        training: trained.seconds,
        encoding: coded.seconds,
        clustering: clustered.seconds,
        assigning: assigned.seconds,
      },
      eigenvalues: Array.from(clustered.value.embedding.values),
      seeded: Array.from(seeds.data),
      learned: Array.from(await network.variables['operator.atoms']!.data()),
      atomLabels: Array.from(clustered.value.atomLabels),
      embedded: {
        places: unitRows(clustered.value.embedding.embed(assigned.value.codes)).slice(0, shown),
        labels: Array.from(test.labels.subarray(0, shown)),
      },
    };
  } finally {
    network.dispose();
  }
}

/** Rows scaled to norm 1, as `clusterCodes` has them. */
function unitRows({ data, shape: [rows, width] }: Points): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const place = Array.from(data.subarray(row * width, (row + 1) * width));
    const norm = Math.hypot(...place);
    return place.map((value) => Number((value / (norm || 1)).toFixed(4)));
  });
}

function optionsOf(training: Training): TrainKdsOptions {
  if (training.landmarks === 'closed-form') return { landmarks: 'closed-form', epochs: training.epochs };
  const { epochs, batchSize, rate } = training;
  // Clipped as in the paper's code.
  return { landmarks: 'gradient', epochs, batchSize, optimizer: clipped(adam({ rate }), 1e-4) };
}

/** Trains, and tells the objective of every epoch. */
async function lossesOf(network: Kds, examples: HostExamples, options: TrainKdsOptions): Promise<number[]> {
  const losses: number[] = [];
  const stage = options.landmarks === 'closed-form' ? 'codes' : 'landmarks';
  for await (const event of trainKds(network, examples, options))
    if (event.type === 'epoch') losses.push(event.losses[stage]!);
  return losses;
}
