import * as tf from '@tensorflow/tfjs-core';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { coordinateDescent } from '@unrolled/solvers';
import type { Case, Reached, Variant } from '../benchmark.ts';
import { toTensor } from '../data/arrays.ts';
import { type RecordingOptions, type RecordingProblem, recordingProblem } from '../data/recording-problem.ts';
import { fasterThan } from '../goals.ts';
import { ownVersion } from '../own-variant.ts';
import type { Events } from '../reference/convolutional.ts';
import { violationOf } from '../reference/convolutional.ts';
import { excess } from './sort.ts';
import { prepareSparseCoding, tolerance } from './sparse-coding.ts';

const base: RecordingOptions = {
  atoms: 32,
  channels: 32,
  length: 90,
  samples: 1_000_000,
  rate: 30_000,
  firingRate: 30,
};

/** One thing changed at a time. */
const changes: readonly (readonly [string, Partial<RecordingOptions>])[] = [
  ['4-atoms', { atoms: 4 }],
  ['8-atoms', { atoms: 8 }],
  ['16-atoms', { atoms: 16 }],
  ['4-channels', { channels: 4 }],
  ['8-channels', { channels: 8 }],
  ['16-channels', { channels: 16 }],
  ['7-hz', { firingRate: 7.5 }],
  ['15-hz', { firingRate: 15 }],
  ['60-hz', { firingRate: 60 }],
];

/** How much shorter the recordings are on which growth is measured. */
const share = 8;

/** A probe of many channels: what exact coding costs, and how that grows with atoms, channels and spikes. */
export const sortProbeCase: Case = {
  name: 'sort-probe',
  about: 'one million samples at 30 kHz, 32 atoms of 90 samples on 32 channels, 30 Hz each, one thread',
  error: `${excess}; of the variants with other sizes, the KKT violation, in units of λ`,
  goals: [
    fasterThan('unrolled', 'alphacsc', 1),
    fasterThan('unrolled-fista', 'tfjs'),
    fasterThan('unrolled-fista', 'numpy'),
    fasterThan('unrolled', 'sporco'),
  ],
  prepare: async (context) => {
    const full = context.size === 'full';
    const sizes = full ? base : { ...base, samples: 1500, atoms: 4, channels: 2 };
    const problem = await recordingProblem(sizes);
    const shares = full
      ? { fista: 50, tfjs: 1000, polyphase: 1, numpy: 50, pytorch: 500, sporco: 1000, alphacsc: 200 }
      : { fista: 2, tfjs: 2, polyphase: 2, numpy: 2, pytorch: 2, sporco: 2, alphacsc: 2 };
    const { variants, ...rest } = await prepareSparseCoding(context, { problem, shares, fold: 0 });
    const grown: (Variant & { dispose(): void })[] = [];
    for (const [name, change] of full ? changes : changes.slice(0, 1)) {
      const options = { ...sizes, samples: Math.round(sizes.samples / share), ...change };
      grown.push(await exact(`unrolled-${name}`, await recordingProblem(options)));
    }
    return {
      ...rest,
      variants: [...variants, ...grown],
      dispose: async () => {
        for (const variant of grown) variant.dispose();
        await rest.dispose();
      },
    };
  },
};

/** Ours on another recording, exact. */
async function exact(name: string, problem: RecordingProblem): Promise<Variant & { dispose(): void }> {
  const { filters, weight, y } = problem;
  const h = toTensor(filters);
  const prior = l1(weight, { nonNegative: true });
  const solver = await coordinateDescent(
    { operator: conv1d(h), prior, likelihood: gaussian() },
    { tolerance },
  );
  tf.dispose([h, ...Object.values(prior.parameters)]);
  let code: Events;
  return {
    name,
    version: ownVersion,
    threads: 1,
    scaled: share,
    about: `the same with ${name.replace('unrolled-', '').replace('-', ' ')}`,
    run: async () => {
      code = solver.events(y.data);
      return undefined;
    },
    examine: async (): Promise<Reached> => ({ objective: null, error: violationOf(problem, code) }),
    dispose: solver.dispose,
  };
}
