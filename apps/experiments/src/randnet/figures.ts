import { encodePng, image, imageSheet } from '@unrolled/images';
import { curvePlot } from '@unrolled/plots';
import type { HostExamples } from '@unrolled/unroll';
import { atomSheet } from '../pictures/atom-sheet.ts';
import type { DigitResult } from './digits.ts';
import type { DigitsResult } from './experiment.ts';
import type { SimulationResult } from './simulated.ts';

/** Pixels of a digit on a side. */
const side = 28;

/** The error of the dictionary, epoch by epoch, by how many matrices the blocks took in turn. */
export function recoveryFigure(simulated: readonly SimulationResult[]): string {
  const curves = simulated.map(({ matrices, watched }) => ({
    name: matrices === 1 ? 'one matrix' : `${matrices} matrices`,
    x: watched.map((_, epoch) => epoch),
    y: [...watched],
  }));
  return curvePlot(curves, {
    xLabel: 'Epoch',
    yLabel: 'Error of the dictionary',
    yRange: [0, 1],
    width: 520,
    height: 300,
  });
}

/** Test digits, and below them what every compression makes of their measurements, as a PNG file. */
export function digitSheet({ shown, compressions }: DigitsResult): Uint8Array {
  const rows = [shown, ...compressions.map(({ decoded }) => decoded)];
  return encodePng(
    imageSheet(
      rows.map((row) =>
        row.map((pixels) => ({
          picture: image(
            Float32Array.from(pixels, (value) => Math.min(1, Math.max(0, value))),
            { height: side, width: side },
          ),
        })),
      ),
      { scale: 2, gap: 2 },
    ),
  );
}

/** Atoms that are shown. */
export const shownAtoms = 100;

/** The atoms that codes use most, as a PNG file. */
export function dictionarySheet({ dictionary, use }: DigitResult): Uint8Array {
  const atoms = use.length;
  const most = Array.from(use.keys())
    .sort((a, b) => use[b]! - use[a]!)
    .slice(0, shownAtoms);
  const filters: HostExamples = {
    data: Float32Array.from(
      { length: side * side * most.length },
      (_, index) => dictionary[Math.floor(index / most.length) * atoms + most[index % most.length]!]!,
    ),
    shape: [side, side, 1, most.length],
  };
  return atomSheet(filters, { use: most.map((atom) => use[atom]!), columns: 20, scale: 2 });
}
