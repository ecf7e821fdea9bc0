import { arrange, type Curve, curvePlot } from '@unrolled/plots';
import { atomSheet } from '../pictures/atom-sheet.ts';
import { comparisonSheet } from '../pictures/comparison-sheet.ts';
import type { Compared } from './claims.ts';
import type { Results } from './experiment.ts';
import type { JobResult } from './job.ts';

const size = { width: 520, height: 320 } as const;

/** How training moved, by the seed that is shown: PSNR on parts of the test pictures, and the error on crops. */
export function curvesFigure(networks: readonly Compared[]): string {
  const curves = (value: (point: JobResult['curve'][number]) => number): Curve[] =>
    networks.map(({ variant, runs }) => ({
      name: variant.name,
      x: runs[0]!.curve.map(({ step }) => step),
      y: runs[0]!.curve.map(value),
      dashed: variant.weights === 'tied',
    }));
  return arrange([
    [
      curvePlot(
        curves(({ psnr }) => psnr),
        { xLabel: 'Updates', yLabel: 'PSNR of the middles of the test pictures (dB)', ...size },
      ),
      curvePlot(
        curves(({ error }) => 255 * error),
        { xLabel: 'Updates', yLabel: 'Error on training crops (grey levels, rms)', yScale: 'log', ...size },
      ),
    ],
  ]);
}

/** The decoder's atoms, the most used first. */
export const atomsFigure = ({ filters, use }: JobResult): Uint8Array =>
  atomSheet({ data: Float32Array.from(filters.data), shape: filters.shape }, { use, scale: 6 });

/** Middles of some test pictures: clean, noisy, and what every denoiser makes of them. */
export function picturesFigure(
  { tests, peers = [] }: Results,
  networks: readonly Compared[],
  shown: readonly number[],
): Uint8Array {
  const score = (value: number): string => value.toFixed(1);
  const captions: { readonly [method: string]: string } = { bm3d: 'BM3D', sporco: 'SPORCO', cnn: 'CNN' };
  return comparisonSheet(
    shown.map((index) => [
      { caption: 'clean', picture: tests.clean[index]! },
      { caption: `noisy ${score(tests.scores[index]!.psnr)}`, picture: tests.noisy[index]! },
      ...networks
        .filter(({ variant }) => variant.rule === 'em')
        .map(({ variant, runs: [run] }) => ({
          caption: `${variant.weights}${variant.start ? ' noise' : ''} ${score(run!.scores[index]!.psnr)}`,
          picture: run!.shown[index]!,
        })),
      ...peers.flatMap(({ method, scores, seen }) =>
        method in captions
          ? [{ caption: `${captions[method]} ${score(scores[index]!.psnr)}`, picture: seen[index]! }]
          : [],
      ),
    ]),
    2,
  );
}
