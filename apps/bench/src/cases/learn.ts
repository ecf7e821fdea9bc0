import type { Gradient } from '@unrolled/contracts';
import { crsae, fixedWeight, noiseLevel, trainCrsae } from '@unrolled/crsae';
import { dictionaryError } from '@unrolled/metrics';
import { adam } from '@unrolled/unroll';
import type { Case, Reached, Variant } from '../benchmark.ts';
import { firstExamples, toTensor } from '../data/arrays.ts';
import { type LearningSetting, learningSetting, share } from '../data/learning-problem.ts';
import { fasterThan, withinSeconds } from '../goals.ts';
import { ownVersion } from '../own-variant.ts';
import { type PeerResult, peerBench, valuesOf } from '../peers/peer-bench.ts';

/** The dictionary error, a mean over the templates, at which everybody stops. */
const goal = 0.08;

/** The talk's recording: templates learned until they are as near the truth as the talk says. */
export const learnCase: Case = {
  name: 'learn',
  about: `CRsAE on the talk's recording until the dictionary error is ${goal}: 30 layers, batches of 32 × 1,000 samples`,
  error: 'shift-aware dictionary error reached, a mean over the templates',
  goals: [
    withinSeconds('unrolled', 69, 'the 69.27 s of the talk'),
    fasterThan('unrolled-gradient', 'pytorch', 1),
    fasterThan('unrolled', 'pytorch'),
    fasterThan('unrolled', 'sporco', 4),
    fasterThan('unrolled', 'sporco-same-windows'),
  ],
  prepare: async (context) => {
    const setting = await learningSetting(context.size);
    const { windows, start, truth, order, batch, layers, rate, weight } = setting;
    const reach = (filters: ArrayLike<number>): Reached => ({
      objective: null,
      error: errorOf(setting, filters),
    });
    const peers = peerBench(context, 2);
    await peers.addOnEither({
      name: 'pytorch',
      peer: 'pytorch',
      work: 'learn',
      about: 'the same network, optimiser and batches',
      arrays: { windows, start, truth, order },
      options: { batch, layers, rate, weight, error: goal },
      examine: (result: PeerResult) => reach(valuesOf(result, 'filters')),
    });
    const sporco = {
      peer: 'sporco' as const,
      work: 'learn',
      options: { weight, error: goal, most: context.size === 'full' ? 100 : 5 },
      examine: (result: PeerResult) => reach(valuesOf(result, 'filters')),
    };
    await peers.addOnEither({
      ...sporco,
      name: 'sporco',
      about: 'ConvBPDNDictLearn, which looks at all of the recording in every iteration',
      arrays: { windows: setting.eighth, start, truth },
      scaled: share,
    });
    await peers.addOnEither({
      ...sporco,
      name: 'sporco-same-windows',
      about: 'ConvBPDNDictLearn on the 320 windows that ours and PyTorch draw their batches from',
      arrays: { windows, start, truth },
    });
    return {
      variants: [...ways.map((way) => own(way, setting, reach)), ...peers.variants],
      missing: peers.missing,
      dispose: peers.dispose,
    };
  },
};

function errorOf({ truth }: LearningSetting, filters: ArrayLike<number>): number {
  return dictionaryError(truth, { data: filters, shape: truth.shape }).mean;
}

/** Ours, by how gradients go back and whether filters are recentred by least squares after every epoch. */
interface Way {
  readonly name: string;
  readonly about: string;
  readonly gradient: Gradient;
  readonly refit: boolean;
  /** Adam's. */
  readonly rate: number;
}

const ways: readonly Way[] = [
  {
    name: 'unrolled',
    about:
      'gradient of the decoder alone, filters recentred by least squares on 32 windows after every epoch',
    gradient: { last: 0 },
    refit: true,
    rate: 0.02,
  },
  {
    name: 'unrolled-encoder',
    about: 'gradient through the encoder, filters recentred',
    gradient: 'full',
    refit: true,
    rate: 0.01,
  },
  {
    name: 'unrolled-gradient',
    about: 'gradient through the encoder alone, as PyTorch’s',
    gradient: 'full',
    refit: false,
    rate: 0.01,
  },
];

/** Windows that filters are recentred on. */
const recentred = 32;

function own(
  { name, about, gradient, refit, rate }: Way,
  setting: LearningSetting,
  reach: (filters: ArrayLike<number>) => Reached,
): Variant {
  const { windows, start, weight, noiseDeviation, batch, layers, epochs } = setting;
  let learned: ArrayLike<number> = start.data;
  return {
    name,
    version: ownVersion,
    threads: 1,
    about,
    run: async () => {
      const first = toTensor(start);
      const network = await crsae({ filters: first, weight, layers });
      first.dispose();
      const filters = network.variables['operator.filters']!;
      const training = trainCrsae(network, windows, {
        noise: noiseLevel(noiseDeviation),
        sparsity: fixedWeight,
        optimizer: adam({ rate }),
        gradient,
        refit,
        ...(refit && { refitWindows: firstExamples(windows, Math.min(recentred, windows.shape[0]!)) }),
        epochs,
        batchSize: batch,
        seed: 1,
      });
      try {
        for await (const _ of training) {
          learned = await filters.data();
          if (errorOf(setting, learned) <= goal) break;
        }
      } finally {
        network.dispose();
      }
      return undefined;
    },
    examine: async () => reach(learned),
  };
}
