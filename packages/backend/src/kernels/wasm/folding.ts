import type { Convolution1d } from '../convolution-shapes.ts';

/** A convolution whose time is folded into channels: P positions of the code, P·stride samples, make one block. */
export interface Folding {
  /** P. 1 leaves the time as it is but for the stride. */
  readonly fold: number;
  /** J = ⌈(K + (P − 1)·stride) / (P·stride)⌉: blocks of the signal that a block of the code looks at. */
  readonly taps: number;
  /** Channels of a folded signal: P·stride·channels. */
  readonly rows: number;
  /** Channels of a folded code: P·atoms. */
  readonly columns: number;
}

/** The folding of P positions. */
export function foldingBy(fold: number, { length, channels, atoms, stride }: Convolution1d): Folding {
  return {
    fold,
    taps: Math.ceil((length + (fold - 1) * stride) / (fold * stride)),
    rows: fold * stride * channels,
    columns: fold * atoms,
  };
}

/** How many registers of 8 results XNNPACK's inner loop fills for this many output channels. */
const registers = (outputs: number): number => Math.ceil(outputs / 8);

// What each of the three computes costs per position of the code, up to a factor. Fitted to 34 measured shapes (K 7 to 200,
// 1 to 32 channels, 1 to 64 atoms, strides 1 to 8), where the P that it chooses is 2 % slower than the best one in the mean. It
// looks at the filters alone, not at batch or length: an example must give the same bits alone and in a batch.

/** A tap of a convolution costs its input channels, and as much as two more for looking up its address. */
const convolutionCost = (inputs: number, outputs: number, { taps, fold }: Folding): number =>
  (taps * (inputs + 2) * registers(outputs)) / fold;

const costs = {
  analysis: (folding: Folding): number => convolutionCost(folding.rows, folding.columns, folding),
  synthesis: (folding: Folding): number => convolutionCost(folding.columns, folding.rows, folding),
  /** A product of `taps · rows` shifted samples with the code; writing a sample costs as much as one register. */
  filterGradient: ({ taps, rows, columns, fold }: Folding): number =>
    (taps * rows * (registers(columns) + 1)) / fold,
};

/** The cheapest folding of at most 16 positions: beyond, what it multiplies in vain outweighs what it gains. */
export function chooseFolding(what: keyof typeof costs, sizes: Convolution1d): Folding {
  const foldings = Array.from({ length: 16 }, (_, index) => foldingBy(index + 1, sizes));
  return foldings.reduce((best, next) => (costs[what](next) < costs[what](best) ? next : best));
}
