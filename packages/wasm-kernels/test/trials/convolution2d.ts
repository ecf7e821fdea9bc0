import fc from 'fast-check';
import { analysis2d, filterGradient2d, synthesis2d } from '../../src/kernels/convolution2d.ts';
import * as reference from '../reference/trilinear.ts';
import { kernelTrial, normalInput, sparseInput } from '../support/kernel-trial.ts';

interface Sizes extends reference.Sizes {
  /** How many entries of a code are not 0: kernels take other ways for few. */
  readonly density: number;
}

const pair = (low: number, high: number) =>
  fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }));

/** One position and several blocks of them; every remainder of tiles, patches, strides and of sixteen atoms. */
const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    filter: pair(1, 4),
    more: fc.oneof({ weight: 20, arbitrary: pair(0, 7) }, { weight: 1, arbitrary: pair(22, 24) }),
    channels: fc.integer({ min: 1, max: 3 }),
    atoms: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 19)),
    strides: fc.oneof({ weight: 2, arbitrary: fc.constant([1, 1] as const) }, pair(1, 4)),
    density: fc.constantFrom(0, 0.02, 0.3, 1),
  })
  .map(({ filter, more, ...rest }) => ({
    ...rest,
    filter,
    signal: [filter[0] + more[0], filter[1] + more[1]] as const,
  }));

const signalShape = ({ batch, signal, channels }: Sizes) => [batch, ...signal, channels];
const filterShape = ({ filter, channels, atoms }: Sizes) => [...filter, channels, atoms];
const codeShape = (all: Sizes) => [all.batch, ...reference.positionsOf(all), all.atoms];

/** The same with an image that ends where the last filter does. */
const covered = (all: Sizes): Sizes => {
  const [rows, columns] = reference.positionsOf(all);
  const { strides, filter } = all;
  return {
    ...all,
    signal: [(rows - 1) * strides[0] + filter[0], (columns - 1) * strides[1] + filter[1]],
  };
};

export const analysis2dTrial = kernelTrial<Sizes>({
  name: 'analysis2d',
  sizes,
  inputs: (all, random) => [normalInput(random, signalShape(all)), normalInput(random, filterShape(all))],
  run: ([y, filters], { strides }) => analysis2d(y!, filters!, strides, 'sums')!,
  reference: ([y, filters], all) => reference.analysis(y!, filters!, all),
});

export const winograd2dTrial = kernelTrial<Sizes>({
  name: 'winograd2d',
  sizes: sizes.map((all) => ({ ...all, strides: [1, 1] as const })),
  inputs: (all, random) => [normalInput(random, signalShape(all)), normalInput(random, filterShape(all))],
  run: ([y, filters]) => analysis2d(y!, filters!, [1, 1], 'winograd')!,
  reference: ([y, filters], all) => reference.analysis(y!, filters!, all),
});

export const synthesis2dTrial = kernelTrial<Sizes>({
  name: 'synthesis2d',
  sizes,
  inputs: (all, random) => [
    sparseInput(random, codeShape(all), all.density),
    normalInput(random, filterShape(all)),
  ],
  run: ([x, filters], { strides }) => synthesis2d(x!, filters!, strides)!,
  reference: ([x, filters], all) => reference.synthesis(x!, filters!, covered(all)),
});

export const filterGradient2dTrial = kernelTrial<Sizes>({
  name: 'filterGradient2d',
  sizes,
  inputs: (all, random) => [
    normalInput(random, signalShape(all)),
    sparseInput(random, codeShape(all), all.density),
  ],
  run: ([y, x], { strides, filter }) => filterGradient2d(y!, x!, strides, filter)!,
  reference: ([y, x], all) => reference.filterGradient(y!, x!, all),
});
