import * as tf from '@tensorflow/tfjs-core';
import { type CheckpointStore, type Network, type Random, random } from '@unrolled/contracts';
import { type HostExamples, learnDictionary } from '@unrolled/dictionary-learning';
import type { Size } from '@unrolled/images';
import { type Lsalsa, lsalsa } from '@unrolled/lsalsa';
import { adam, train } from '@unrolled/unroll';
import { componentPatches } from './component-patches.ts';
import type { Component } from './components.ts';
import { componentError, type MixtureBatch, mixtureBatches } from './mixture-batches.ts';

/** What a model is made by. */
export interface Recipe {
  readonly patch: number;
  readonly atoms: number;
  readonly weight: number;
  readonly penalty: number;
  readonly layers: number;
  readonly examples: number;
  readonly epochs: number;
  readonly rate: number;
  readonly seed: number;
}

/** Told while a model is made: a stage by its name, and how much of it is done. */
export type TellStage = (stage: string, fraction: number) => void;

/** Options of {@link trainModel}. */
export interface TrainModelOptions {
  readonly tell?: TellStage;
  /** A store for every part of the work, by its name. */
  readonly checkpoints?: (name: string) => CheckpointStore;
}

/** A network, and how far its components are from the true ones on mixtures that it was not trained on. */
export interface TrainedModel {
  readonly network: Lsalsa;
  /** Mean squared error of a pixel of a component. */
  readonly error: { readonly untrained: number; readonly trained: number };
}

/** Passes over the examples for a dictionary. */
const dictionaryEpochs = 6;
const batchSize = 100;
/** Batches between two checkpoints: some seconds. */
const everySteps = 40;

/** Patches of every component for a recipe: the same for the same pictures and seed. */
export function examplesOf(components: readonly Component[], recipe: Recipe): HostExamples[] {
  return componentPatches(components, patchOf(recipe), recipe.examples, random(recipe.seed).split('learn'));
}

const patchOf = ({ patch }: Recipe): Size => ({ height: patch, width: patch });

/** Makes a model: a dictionary of every component, SALSA with them, and a network that starts as it and learns to separate. */
export async function trainModel(
  components: readonly Component[],
  examples: readonly HostExamples[],
  recipe: Recipe,
  options: TrainModelOptions = {},
): Promise<TrainedModel> {
  const { tell, checkpoints } = options;
  const { weight, penalty, layers, atoms, seed, epochs, rate } = recipe;
  const sources = [];
  for (const [index, { name }] of components.entries()) {
    const steps = dictionaryEpochs * Math.ceil(recipe.examples / dictionaryBatch(atoms));
    const { atoms: learned } = await learnDictionary(examples[index]!, {
      atoms,
      weight,
      seed,
      batchSize: dictionaryBatch(atoms),
      epochs: dictionaryEpochs,
      codes: { tolerance: 1e-4 },
      onProgress: (event) => tell?.(`atoms of ${name}`, event.step / steps),
      ...(checkpoints && { checkpoint: { store: checkpoints(`atoms-${index + 1}`), everySteps } }),
    });
    sources.push({ atoms: tf.tensor(learned.data, [...learned.shape]), weight });
  }
  const network = await lsalsa({ sources, penalty, layers });
  tf.dispose(sources.map((source) => source.atoms));

  const heldOut = mixtureBatches(
    componentPatches(components, patchOf(recipe), 1000, random(seed).split('held out')),
    1000,
  );
  const untrained = await meanError(network, heldOut, recipe);
  const batches = mixtureBatches(examples, batchSize);
  const steps = epochs * batches.batches!;
  const stage = {
    name: 'components',
    train: ['analysis', 'splitting'],
    loss: (model: Network, batch: MixtureBatch) => componentError(model as Lsalsa, batch),
    // Half a cosine: large steps first, small ones at the end.
    optimizer: adam({ rate: (step) => (rate * (1 + Math.cos((Math.PI * (step - 1)) / steps))) / 2 }),
  };
  const checkpoint = checkpoints && { checkpoint: { store: checkpoints('network'), everySteps } };
  for await (const event of train(network, batches, { stages: [stage], epochs, seed, ...checkpoint })) {
    tell?.('network', event.step / steps);
  }
  return { network, error: { untrained, trained: await meanError(network, heldOut, recipe) } };
}

const dictionaryBatch = (atoms: number): number => Math.min(256, 5 * atoms);

async function meanError(
  network: Lsalsa,
  heldOut: { epoch(random: Random): Iterable<MixtureBatch> | AsyncIterable<MixtureBatch> },
  { patch }: Recipe,
): Promise<number> {
  for await (const batch of heldOut.epoch(random(0))) {
    const error = componentError(network, batch);
    const [value] = await error.data();
    const pixels = batch.parts.length * patch * patch;
    tf.dispose([error, batch.mixtures, ...batch.parts]);
    return value! / pixels;
  }
  throw new Error('unreachable: there are mixtures to be measured on');
}
