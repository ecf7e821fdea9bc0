import { arrange, type Curve, curvePlot } from '@unrolled/plots';
import { atomSheet } from '../pictures/atom-sheet.ts';
import { comparisonSheet } from '../pictures/comparison-sheet.ts';
import type { Pair } from './claims.ts';
import type { Denoised } from './denoising.ts';
import type { DenoisingResult } from './experiment.ts';
import type { LearningResult } from './learning.ts';
import type { LimitsResult } from './limits.ts';
import { titles } from './methods.ts';

const size = { width: 460, height: 300 } as const;
const estimators = ['decoder', 'lasso', 'leastSquares'] as const;

/** Distances of the three gradients: to what each tends to, and to the gradient at the true codes. */
export function distancesFigure({ depths }: LimitsResult): string {
  const curve = (name: string, value: (at: (typeof depths)[number]['distances']) => number): Curve =>
    positive({
      name,
      x: depths.map(({ layers }) => layers),
      y: depths.map(({ distances }) => value(distances)),
    });
  return arrange([
    [
      curvePlot(
        [
          ...estimators.map((estimator) =>
            curve(titles[estimator], ({ estimators: of, norms }) =>
              estimator === 'leastSquares'
                ? of[estimator].leastSquares / norms.leastSquares
                : of[estimator].lasso / norms.lasso,
            ),
          ),
        ],
        {
          title: 'To its own limit',
          xLabel: 'Layers T',
          yLabel: 'Relative distance',
          yScale: 'log',
          levels: [1e-3],
          ...size,
        },
      ),
      curvePlot(
        estimators.map((estimator) =>
          curve(titles[estimator], ({ estimators: of, norms }) => of[estimator].truth! / norms.truth!),
        ),
        {
          title: 'To the gradient at the true codes',
          xLabel: 'Layers T',
          yLabel: 'Relative distance',
          yScale: 'log',
          ...size,
        },
      ),
    ],
  ]);
}

/** What truncation leaves out, against the layers gone back through; supports and Jacobians, layer by layer. */
export function layersFigure({ truncated, supports, jacobians }: LimitsResult): string {
  const x = supports.map(({ layer }) => layer);
  return arrange([
    [
      curvePlot(
        [
          positive({
            name: 'to the limit of the whole gradient',
            x: truncated.map(({ last }) => last),
            y: truncated.map(({ limit }) => limit),
          }),
          positive({
            name: 'to (4.2)',
            x: truncated.map(({ last }) => last),
            y: truncated.map(({ formula }) => formula),
          }),
        ],
        {
          xLabel: 'Layers B that g_ae-ls goes back through',
          yLabel: 'Relative distance',
          yScale: 'log',
          ...size,
        },
      ),
      curvePlot(
        [
          { name: 'as in the last layer', x, y: supports.map(({ settled }) => settled), dots: false },
          { name: 'as in the true code', x, y: supports.map(({ correct }) => correct!), dots: false },
        ],
        {
          xLabel: 'Layer',
          yLabel: 'Share of signals whose signed support is',
          xScale: 'log',
          yRange: [0, 1],
          ...size,
        },
      ),
    ],
    [
      curvePlot([{ x, y: supports.map(({ active }) => active), dots: false }], {
        xLabel: 'Layer',
        yLabel: 'Entries of a code that are not 0',
        xScale: 'log',
        yScale: 'log',
        ...size,
      }),
      curvePlot([{ x: jacobians.map(({ layer }) => layer), y: jacobians.map(({ norm }) => norm) }], {
        xLabel: 'Layer t',
        yLabel: '‖∂z_t/∂D‖, root mean square',
        xScale: 'log',
        ...size,
      }),
    ],
  ]);
}

/** ‖D − D*‖ against updates, T by T. */
export function dictionariesFigure(dictionaries: readonly LearningResult[]): string {
  const depths = [...new Set(dictionaries.map(({ learning }) => learning.encoder.layers))];
  return arrange([
    depths.map((layers) =>
      curvePlot(
        dictionaries
          .filter(({ learning }) => learning.encoder.layers === layers)
          .map(({ learning, curve }) => ({
            name: titles[learning.method],
            x: curve.map(({ update }) => update),
            y: curve.map(({ distance }) => distance),
          })),
        {
          title: `T = ${layers}`,
          xLabel: `Updates, T = ${layers}`,
          yLabel: '‖D − D*‖',
          yScale: 'log',
          yRange: [0.1, 10],
          width: 340,
          height: 280,
        },
      ),
    ),
  ]);
}

/** The relative error against updates, sparsity by sparsity. */
export function biasFigure(bias: readonly LearningResult[]): string {
  const actives = [...new Set(bias.map(({ learning }) => learning.world.active))];
  return arrange([
    actives.map((active) =>
      curvePlot(
        bias
          .filter(({ learning }) => learning.world.active === active)
          .map(({ learning, curve, norm }) => ({
            name: titles[learning.method],
            x: curve.map(({ update }) => update),
            y: curve.map(({ distance }) => distance / norm),
          })),
        {
          title: `s = ${active}`,
          xLabel: `Updates, s = ${active}`,
          yLabel: '‖D − D*‖ / ‖D*‖',
          yScale: 'log',
          yRange: [1e-7, 1],
          width: 340,
          height: 320,
        },
      ),
    ),
  ]);
}

/** PSNR while networks train, weight by weight. */
export const denoisingFigure = (networks: readonly Denoised[]): string =>
  arrange([
    [...new Set(networks.map(({ weight }) => weight))].map((weight) =>
      curvePlot(
        networks
          .filter((network) => network.weight === weight)
          .map(({ estimator, step, curve }) => ({
            name: `${titles[estimator]}, α = ${step}`,
            x: curve.map(({ update }) => update),
            y: curve.map(({ psnr }) => psnr),
            dashed: estimator === 'decoder',
          })),
        { title: `λ = ${weight}`, xLabel: 'Updates', yLabel: 'PSNR (dB)', width: 340, height: 300 },
      ),
    ),
  ]);

/** Atoms of a network, the most used first. */
export const atomsFigure = ({ filters, use }: Denoised): Uint8Array =>
  atomSheet({ data: Float32Array.from(filters.data), shape: filters.shape }, { use, scale: 6 });

/** Parts of test pictures: clean, noisy, and by both gradients. */
export function picturesFigure(
  { clean, noisy, scores }: DenoisingResult,
  { decoder, leastSquares }: Pair,
): Uint8Array {
  const shown = [0, 2, 4].filter((index) => index < clean.length);
  const cell = (name: string, { scores: own, shown: pictures }: Denoised, index: number) => ({
    caption: `${name} ${own[index]!.psnr.toFixed(1)}`,
    picture: pictures[index]!,
  });
  return comparisonSheet(
    shown.map((index) => [
      { caption: 'clean', picture: clean[index]! },
      { caption: `noisy ${scores[index]!.psnr.toFixed(1)}`, picture: noisy[index]! },
      cell('g dec', decoder, index),
      cell('g ae-ls', leastSquares, index),
    ]),
    2,
  );
}

/** What can stand on a logarithmic axis: a distance of 0 is below all that float32 tells apart. */
function positive({
  name,
  x,
  y,
}: {
  readonly name: string;
  readonly x: number[];
  readonly y: number[];
}): Curve {
  const kept = y.flatMap((value, index) => (value > 0 ? [index] : []));
  return { name, x: kept.map((index) => x[index]!), y: kept.map((index) => y[index]!) };
}
