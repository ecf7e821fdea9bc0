import { arrange, type Curve, curvePlot } from '@unrolled/plots';
import { atomSheet } from '../pictures/atom-sheet.ts';
import { comparisonSheet } from '../pictures/comparison-sheet.ts';
import type { PictureMethod } from '../pictures/peers.ts';
import type { Compared } from './claims.ts';
import type { Results } from './experiment.ts';
import type { JobResult } from './job.ts';

const size = { width: 520, height: 300 } as const;

/** How training moved, by the first seed: PSNR on parts of the test pictures, and the error on crops, at every peak. */
export function curvesFigure(networks: readonly Compared[]): string {
  const peaks = [...new Set(networks.map(({ peak }) => peak))];
  const curves = (peak: number, value: (point: JobResult['curve'][number]) => number): Curve[] =>
    networks
      .filter((network) => network.peak === peak)
      .map(({ weights, runs: [run] }) => ({
        name: weights,
        x: run!.curve.map(({ step }) => step),
        y: run!.curve.map(value),
        dashed: weights === 'tied',
      }));
  return arrange(
    peaks.map((peak) => [
      curvePlot(
        curves(peak, ({ psnr }) => psnr),
        {
          ...size,
          title: `Peak ${peak}`,
          xLabel: 'Updates',
          yLabel: 'PSNR of the middles of the test pictures (dB)',
        },
      ),
      curvePlot(
        curves(peak, ({ error }) => error),
        {
          ...size,
          title: `Peak ${peak}`,
          xLabel: 'Updates',
          yLabel: 'Error on training crops (rms, of white)',
        },
      ),
    ]),
  );
}

/** The decoder's atoms, the most used first. */
export const atomsFigure = ({ filters, use }: JobResult): Uint8Array =>
  atomSheet({ data: Float32Array.from(filters.data), shape: filters.shape }, { use, scale: 5 });

const captions: { readonly [M in PictureMethod]?: string } = { bm3d: 'BM3D', cnn: 'CNN' };

/** Middles of some test pictures at one peak: clean, counts, and what every denoiser makes of them. */
export function picturesFigure(results: Results, peak: number, shown: readonly number[]): Uint8Array {
  const { tests, networks = [], peers = [] } = results;
  const test = tests.find((set) => set.peak === peak)!;
  const caption = (name: string, psnr: number): string => `${name} ${psnr.toFixed(1)}`;
  return comparisonSheet(
    shown.map((index) => [
      { caption: 'clean', picture: test.clean[index]! },
      { caption: caption('counts', test.scores[index]!.psnr), picture: test.noisy[index]! },
      ...networks
        .filter((run) => run.peak === peak && run.seed === 0)
        .map(({ weights, scores, shown: pictures }) => ({
          caption: caption(weights, scores[index]!.psnr),
          picture: pictures[index]!,
        })),
      ...peers
        .filter((peer) => peer.peak === peak)
        .flatMap(({ method, scores, seen }) => {
          const name = captions[method];
          return name === undefined
            ? []
            : [{ caption: caption(name, scores[index]!.psnr), picture: seen[index]! }];
        }),
    ]),
  );
}
