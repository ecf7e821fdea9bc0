import * as tf from '@tensorflow/tfjs-core';
import { filterGradient1d, filterGradient2d } from '@unrolled/backend';
import type { NdArray } from '@unrolled/formats';
import type { BenchContext, Case, Prepared, Reached } from '../benchmark.ts';
import { normalArray, toTensor } from '../data/arrays.ts';
import { atRate, fasterThan } from '../goals.ts';
import { ownVariant } from '../own-variant.ts';
import { type PeerResult, peerBench, valuesOf } from '../peers/peer-bench.ts';
import { relativeDistance } from '../reference/distance.ts';
import { filterGradientOf } from '../reference/filter-gradient.ts';

const error = 'distance to the gradient in float64, relative';

const goals = (operations: number) => [
  fasterThan('unrolled', 'tfjs', 4),
  atRate('unrolled', operations, 20),
  fasterThan('unrolled', 'pytorch'),
  atRate('pytorch', operations),
];

/** The gradient of 1-D filters: 100 signals of 10,000 samples, three templates of 45. */
export const filterGradient1dCase: Case = {
  name: 'filter-gradient-1d',
  about: 'gradient of 3 filters of 45 samples, 100 signals of 10,000 samples',
  error,
  goals: goals(2 * 100 * 9956 * 45 * 3),
  prepare: (context) =>
    context.size === 'full'
      ? prepare(context, '1d', [100, 10_000, 1], [100, 9956, 3])
      : prepare(context, '1d', [2, 60, 1], [2, 56, 3]),
};

/** The gradient of 2-D filters: eight images of 128 × 128, 64 filters of 9 × 9. */
export const filterGradient2dCase: Case = {
  name: 'filter-gradient-2d',
  about: 'gradient of 64 filters of 9 × 9, 8 images of 128 × 128',
  error,
  goals: goals(2 * 8 * 120 * 120 * 81 * 64),
  prepare: (context) =>
    context.size === 'full'
      ? prepare(context, '2d', [8, 128, 128, 1], [8, 120, 120, 64])
      : prepare(context, '2d', [2, 12, 11, 1], [2, 10, 9, 4]),
};

const ours = { '1d': filterGradient1d, '2d': filterGradient2d } as const;

async function prepare(
  context: BenchContext,
  kind: keyof typeof ours,
  signalShape: readonly number[],
  codeShape: readonly number[],
): Promise<Prepared> {
  const signals: NdArray<'float32'> = normalArray(signalShape, 21);
  const codes = normalArray(codeShape, 22);
  const reference = filterGradientOf(signals, codes);
  const reach = (gradient: ArrayLike<number>): Reached => ({
    objective: null,
    error: relativeDistance(gradient, reference),
  });
  const peers = peerBench(context, 2);
  const shared = {
    work: `filter-gradient-${kind}`,
    arrays: { signals, codes },
    options: {},
    examine: (result: PeerResult) => reach(valuesOf(result, 'gradient')),
  };
  await peers.add({
    ...shared,
    name: 'tfjs',
    peer: 'tfjs',
    about:
      'gradient of tf.conv2d with a composed Conv2DBackpropFilter (examples as channels), which wasm lacks',
  });
  await peers.addOnEither({
    ...shared,
    name: 'pytorch',
    peer: 'pytorch',
    about: `torch.nn.grad.conv${kind}_weight`,
  });
  const [y, x] = [toTensor(signals), toTensor(codes)];
  const own = ownVariant({
    name: 'unrolled',
    make: () => ({ gradient: ours[kind](y, x) }),
    examine: ({ gradient }) => reach(gradient),
  });
  return {
    variants: [...peers.variants, own],
    missing: peers.missing,
    dispose: async () => {
      await peers.dispose();
      tf.dispose([y, x]);
    },
  };
}
