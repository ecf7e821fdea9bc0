import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '@unrolled/contracts';
import {
  type Crsae,
  crsae,
  gammaPrior,
  noiseLevel,
  rateInClosedForm,
  trainCrsae,
  universalWeight,
} from '@unrolled/crsae';
import { type Recording, randomWindows } from '@unrolled/data';
import { adam } from '@unrolled/unroll';
import type { LearningEpoch } from '../learned.ts';
import { templateDifference } from '../selection/duplicates.ts';

/** A window is this many templates long. */
const TEMPLATES = 16;
/** Windows of an epoch, and of a batch. */
const WINDOWS = 96;
const BATCH = 16;
/** Adam's rate: the filters begin near where they end. */
const RATE = 0.0005;

/**
 * Windows that the prior on λ weighs as much as. Rare spikes alone would raise λ beyond their own size: the prior holds it near the
 * universal threshold.
 */
const PRIOR = 20;

/** What `learnFilters` works on and how. */
export interface LearnFiltersOptions {
  readonly layers: number;
  readonly epochs: number;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  readonly onEpoch?: ((epoch: number) => void) | undefined;
}

/** What the network learned. */
export interface LearnedFilters {
  /** One a unit, `[time × channels]`: the learned shape at the size of the template that it began as. */
  readonly templates: readonly Float32Array[];
  /** Lasso weight σ²λ, one a unit. */
  readonly weights: readonly number[];
  readonly history: readonly LearningEpoch[];
}

/**
 * Learns templates by CRsAE: the filters of a convolutional dictionary descend on the reconstruction error through the layers of
 * unrolled FISTA that encode, so that spikes which overlap share what they explain. Windows are drawn at random from the whole
 * recording.
 *
 * @param recording whitened: noise of deviation 1
 * @param templates where to begin, `[time × channels]` each
 */
export async function learnFilters(
  recording: Recording,
  templates: readonly Float32Array[],
  { layers, epochs, random, signal, onEpoch }: LearnFiltersOptions,
): Promise<LearnedFilters> {
  const { channels } = recording;
  const atoms = templates.length;
  const length = (templates[0]?.length ?? 0) / Math.max(1, channels);
  const size = Math.min(recording.samples, TEMPLATES * length);
  if (atoms === 0) return { templates, weights: [], history: [] };
  // Noise alone is to give no code anywhere in the recording's windows.
  const weight = universalWeight({ noiseDeviation: 1, atoms, codeLength: size - length + 1 });
  if (epochs === 0) return { templates, weights: templates.map(() => weight), history: [] };

  const { values } = await randomWindows(recording, {
    length: size,
    count: WINDOWS,
    random: random.split('windows'),
  });
  const norms = templates.map((template) =>
    Math.sqrt(template.reduce((sum, value) => sum + value * value, 0)),
  );
  const filters = tf.tensor3d(interleaved(templates, norms), [length, channels, atoms]);
  let network: Crsae | undefined;
  try {
    network = await crsae({ filters, weight, layers });
    const history: LearningEpoch[] = [];
    const training = trainCrsae(
      network,
      { data: values, shape: [WINDOWS, size, channels] },
      {
        noise: noiseLevel(1),
        sparsity: rateInClosedForm({
          prior: gammaPrior({ mean: weight, strength: (PRIOR * (size - length + 1)) / weight }),
        }),
        refit: false,
        optimizer: adam({ rate: RATE }),
        epochs,
        batchSize: BATCH,
        seed: random.split('order').integer(2 ** 31),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    for await (const event of training) {
      if (event.type !== 'epoch') continue;
      const now = await shapes(network, norms);
      history.push({
        epoch: event.epoch,
        loss: event.losses['filters'] ?? 0,
        weights: [...(await network.variables['prior.weight']!.data())],
        moved: now.map((template, unit) =>
          Math.sqrt(Math.max(0, templateDifference(template, templates[unit]!, channels))),
        ),
      });
      onEpoch?.(event.epoch);
    }
    return {
      templates: await shapes(network, norms),
      weights: [...(await network.variables['prior.weight']!.data())],
      history,
    };
  } finally {
    filters.dispose();
    network?.dispose();
  }
}

/** Templates scaled to unit norm, as `[time, channels, atoms]`. */
function interleaved(templates: readonly Float32Array[], norms: readonly number[]): Float32Array {
  const atoms = templates.length;
  const filters = new Float32Array(templates[0]!.length * atoms);
  templates.forEach((template, atom) => {
    template.forEach((value, i) => {
      filters[i * atoms + atom] = value / (norms[atom]! || 1);
    });
  });
  return filters;
}

/** The network's filters at these norms, `[time × channels]` each. */
async function shapes(network: Crsae, norms: readonly number[]): Promise<Float32Array[]> {
  const filters = await network.variables['operator.filters']!.data();
  const atoms = norms.length;
  return norms.map((norm, atom) =>
    Float32Array.from({ length: filters.length / atoms }, (_, i) => norm * filters[i * atoms + atom]!),
  );
}
