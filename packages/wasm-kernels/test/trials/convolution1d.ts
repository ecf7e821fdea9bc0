import fc from 'fast-check';
import { analysis1d, filterGradient1d, synthesis1d } from '../../src/kernels/convolution1d.ts';
import * as reference from '../reference/trilinear.ts';
import { kernelTrial, normalInput, sparseInput } from '../support/kernel-trial.ts';

interface Sizes extends reference.Sizes {
  /** How many entries of a code are not 0: kernels take other ways for few. */
  readonly density: number;
}

/** Signals that are too short for whole tiles, and longer than a block; every remainder of channels, atoms and strides. */
const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    length: fc.integer({ min: 1, max: 11 }),
    more: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 90 }) },
      { weight: 1, arbitrary: fc.integer({ min: 300, max: 700 }) },
    ),
    channels: fc.integer({ min: 1, max: 4 }),
    atoms: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(16)),
    stride: fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 6 })),
    density: fc.constantFrom(0, 0.02, 0.2, 1),
  })
  .map(({ length, more, stride, ...rest }) => ({
    ...rest,
    signal: [1, length + more] as const,
    filter: [1, length] as const,
    strides: [1, stride] as const,
  }));

const signalShape = ({ batch, signal, channels }: Sizes) => [batch, signal[1], channels];
const filterShape = ({ filter, channels, atoms }: Sizes) => [filter[1], channels, atoms];
const codeShape = (all: Sizes) => [all.batch, reference.positionsOf(all)[1], all.atoms];

/** The same with a signal that ends where the last filter does. */
const covered = (all: Sizes): Sizes => ({
  ...all,
  signal: [1, (reference.positionsOf(all)[1] - 1) * all.strides[1] + all.filter[1]],
});

export const analysis1dTrial = kernelTrial<Sizes>({
  name: 'analysis1d',
  sizes,
  inputs: (all, random) => [normalInput(random, signalShape(all)), normalInput(random, filterShape(all))],
  run: ([y, filters], { strides }) => analysis1d(y!, filters!, strides[1])!,
  reference: ([y, filters], all) => reference.analysis(y!, filters!, all),
});

export const synthesis1dTrial = kernelTrial<Sizes>({
  name: 'synthesis1d',
  sizes,
  inputs: (all, random) => [
    sparseInput(random, codeShape(all), all.density),
    normalInput(random, filterShape(all)),
  ],
  run: ([x, filters], { strides }) => synthesis1d(x!, filters!, strides[1])!,
  reference: ([x, filters], all) => reference.synthesis(x!, filters!, covered(all)),
});

export const filterGradient1dTrial = kernelTrial<Sizes>({
  name: 'filterGradient1d',
  sizes,
  inputs: (all, random) => [
    normalInput(random, signalShape(all)),
    sparseInput(random, codeShape(all), all.density),
  ],
  run: ([y, x], { strides, filter }) => filterGradient1d(y!, x!, strides[1], filter[1])!,
  reference: ([y, x], all) => reference.filterGradient(y!, x!, all),
});
