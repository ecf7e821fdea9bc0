import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { type Random, random } from '@unrolled/contracts';
import { type Image, image, randomPatches } from '@unrolled/images';
import type { TaskRunner } from '@unrolled/parallel';
import {
  type BatchSource,
  loadNetwork,
  type Pair,
  randomShifts,
  type ShiftAveraged,
  shiftAveraged,
  targetLikelihood,
  train,
} from '@unrolled/unroll';
import { reconstructPicture } from '../pictures/reconstruct-picture.ts';
import { capped, overExposures } from './exposures.ts';
import { type JobResult, optimizerOf } from './job.ts';
import { networkOf, type PhotonNetwork } from './network.ts';
import { halvePhotons } from './photons.ts';
import type { Recipe } from './plan.ts';

/** A picture of counts that no clean one is known of. Plain data, for a worker. */
export interface ChandraJob {
  readonly counts: Counts;
  /** A network trained on photographs. */
  readonly network: Pick<JobResult, 'path' | 'weights'>;
  readonly recipe: Recipe;
  /** Updates on halves of these counts. */
  readonly adaptation: number;
  readonly seed: number;
}

/** A picture as plain data. */
export type Counts = Pick<Image, 'data' | 'height' | 'width'>;

/** Mean counts, of the photons that were given. */
export interface ChandraResult {
  /** By the network as it was trained. */
  readonly trained: readonly number[];
  /** By the network after its adaptation, of which every estimate is the sum over two halves. */
  readonly adapted: readonly number[];
  readonly seconds: number;
}

/** Halves that estimates are averaged over. */
const halvings = 2;

/** Jobs in a worker. */
export async function chandraJobs(): Promise<TaskRunner<ChandraJob, ChandraResult>> {
  await useBackend('wasm');
  return { run: runJob };
}

async function runJob(job: ChandraJob, signal?: AbortSignal): Promise<ChandraResult> {
  const started = performance.now();
  const counts = image(job.counts.data, sizeOf(job.counts));
  const network = await networkOf(job.recipe, job.network.weights, 0);
  try {
    loadNetwork(network, new Uint8Array(await readFile(job.network.path)));
    const averaged = shiftAveraged(network);
    const { peak } = job.recipe;
    const draw = random(job.seed).split('exposures');
    const trained = overExposures((shown) => reconstructPicture(averaged, shown), counts, {
      peak,
      random: draw,
    });
    await adapt(averaged, counts, job, signal);
    const adapted = overExposures((shown) => overHalves(averaged, shown, draw), counts, {
      peak,
      random: draw,
    });
    const seconds = (performance.now() - started) / 1000;
    return { trained: rounded(trained), adapted: rounded(adapted), seconds };
  } finally {
    network.dispose();
  }
}

/**
 * Teaches a network the picture before it, without a clean one: made from one half of the photons, its mean is to make the other half
 * likely. What is noise in one half tells nothing of the other.
 *
 * @see Lehtinen et al. 2018, "Noise2Noise"
 */
async function adapt(
  averaged: ShiftAveraged<PhotonNetwork>,
  counts: Image,
  { recipe, adaptation, seed }: ChandraJob,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (adaptation === 0) return;
  const { network } = averaged;
  const source = randomShifts(halvedCrops(counts, recipe, adaptation), averaged, recipe.shifts);
  const names = Object.keys(network.variables).filter((name) => network.variables[name]!.trainable);
  const stage = {
    name: 'photons',
    train: names.filter((name) => !name.startsWith('decoder.')),
    loss: targetLikelihood(),
    optimizer: optimizerOf(recipe, recipe.rate / 2, adaptation),
  };
  const events = train(network, source, { stages: [stage], epochs: 1, seed, ...(signal && { signal }) });
  while (!(await events.next()).done);
}

/** Random parts of a picture of counts, each with its photons halved anew; what is far above the peak is left to shorter exposures. */
function halvedCrops(counts: Image, { crop: side, batch, peak }: Recipe, batches: number): BatchSource<Pair> {
  const size = { height: Math.min(side, counts.height), width: Math.min(side, counts.width) };
  return {
    batches,
    *epoch(draw: Random) {
      for (let done = 0; done < batches; done++) {
        const { data } = randomPatches(counts, { ...size, count: batch, random: draw });
        // One below the other they are a picture too.
        const { first, second } = halvePhotons(image(data, { ...size, height: batch * size.height }), draw);
        const shape: [number, number, number, number] = [batch, size.height, size.width, 1];
        yield {
          input: tf.tensor4d(capped(first, peak).data, shape),
          target: tf.tensor4d(capped(second, peak).data, shape),
        };
      }
    },
  };
}

/** Each half is as the network has seen in training; the sum of two estimates is one of all photons. */
function overHalves(averaged: ShiftAveraged<PhotonNetwork>, counts: Image, draw: Random): Image {
  const sum = new Float32Array(counts.data.length);
  for (let halving = 0; halving < halvings; halving++) {
    const { first, second } = halvePhotons(counts, draw);
    for (const half of [first, second])
      reconstructPicture(averaged, half).data.forEach((rate, pixel) => {
        sum[pixel]! += rate / halvings;
      });
  }
  return image(sum, sizeOf(counts));
}

const sizeOf = ({ height, width }: Counts) => ({ height, width });

const rounded = ({ data }: Image): number[] => Array.from(data, (value) => Number(value.toPrecision(4)));
