import { percent, table } from '../markdown.ts';
import { scoreSet } from '../pictures/scores.ts';
import type { Denoised } from './denoising.ts';
import type { DenoisingResult, Results } from './experiment.ts';
import type { LearningResult } from './learning.ts';
import type { LimitsResult } from './limits.ts';
import { type Method, titles } from './methods.ts';

/** What the authors store: ‖D − D*‖ after training, and the mean error of codes. */
export const stored: readonly {
  readonly method: Method;
  readonly layers: number;
  readonly distance: number;
  readonly code: number;
}[] = [
  { method: 'decoder', layers: 25, distance: 2.46, code: 1.206 },
  { method: 'decoder', layers: 50, distance: 1.388, code: 0.665 },
  { method: 'decoder', layers: 100, distance: 1.291, code: 0.592 },
  { method: 'lasso', layers: 25, distance: 1.712, code: 1.049 },
  { method: 'lasso', layers: 50, distance: 1.302, code: 0.648 },
  { method: 'lasso', layers: 100, distance: 1.289, code: 0.592 },
  { method: 'leastSquares', layers: 25, distance: 0.847, code: 0.937 },
  { method: 'leastSquares', layers: 50, distance: 0.221, code: 0.546 },
  { method: 'leastSquares', layers: 100, distance: 0.144, code: 0.501 },
];

/** ‖D − D*‖ at the end. */
export const lastDistance = ({ curve }: LearningResult): number => curve.at(-1)!.distance;

/** The same as a share of ‖D*‖. */
export const lastError = (result: LearningResult): number => lastDistance(result) / result.norm;

/** What was asked for, what was measured, and whether that is it. */
export function claimsTable({ limits, dictionaries, bias, denoising }: Results): string {
  return table(
    ['asked for', 'measured', 'reached'],
    [
      ...(limits ? limitClaims(limits) : []),
      ...(dictionaries ? dictionaryClaims(dictionaries) : []),
      ...(bias ? biasClaims(bias) : []),
      ...(denoising ? denoisingClaims(denoising) : []),
    ],
  );
}

function limitClaims({ depths, truncated, implicit }: LimitsResult): string[][] {
  const deep = depths.filter(({ layers }) => layers >= 300);
  const worst = (of: (at: LimitsResult['depths'][number]['distances']) => number): number =>
    Math.max(...deep.map(({ distances }) => of(distances)));
  const claim = (what: string, value: number): string[] => [
    `${what}, T ≥ 300, at most 1e-3 relative`,
    value.toExponential(1),
    said(value <= 1e-3),
  ];
  const { estimators, norms } = depths.at(-1)!.distances;
  const shareOf = (estimator: 'leastSquares' | 'decoder'): string =>
    (estimators[estimator].truth! / norms.truth!).toFixed(2);
  const formula = Math.max(...truncated.map((point) => point.formula));
  return [
    ...(deep.length > 0
      ? [
          claim(
            'g_dec → ĝ',
            worst(({ estimators, norms }) => estimators.decoder.lasso / norms.lasso),
          ),
          claim(
            'g_ae-lasso → ĝ',
            worst(({ estimators, norms }) => estimators.lasso.lasso / norms.lasso),
          ),
          claim(
            'g_ae-ls → (4.1)',
            worst(({ estimators, norms }) => estimators.leastSquares.leastSquares / norms.leastSquares),
          ),
        ]
      : []),
    [
      'g_ae-ls comes nearer to the gradient at the true codes than g_dec',
      `${shareOf('leastSquares')} of its norm away against ${shareOf('decoder')}`,
      said(estimators.leastSquares.truth! < estimators.decoder.truth!),
    ],
    [
      'the limit by the implicit function theorem is (4.1), 1e-3 relative',
      implicit.toExponential(1),
      said(implicit <= 1e-3),
    ],
    [
      'g_ae-ls through the last B layers alone is (4.2), 1e-3 relative',
      `${formula.toExponential(1)} at worst, B = ${truncated[0]!.last} to ${truncated.at(-1)!.last}`,
      said(formula <= 1e-3),
    ],
  ];
}

function dictionaryClaims(all: readonly LearningResult[]): string[][] {
  // What is stored is of dictionaries of this size alone.
  const dictionaries = all.filter(({ learning: { world } }) => world.features === 50 && world.atoms === 100);
  const of = (method: Method, layers: number): LearningResult | undefined =>
    dictionaries.find(({ learning }) => learning.method === method && learning.encoder.layers === layers);
  const cells = stored.flatMap(({ method, layers, distance }) => {
    const found = of(method, layers);
    if (!found) return [];
    const error = lastDistance(found) / distance - 1;
    return [
      [
        `‖D − D*‖ by ${titles[method]}, T = ${layers}: ${distance} within 20 %`,
        `${lastDistance(found).toFixed(3)} (${signed(error)})`,
        said(Math.abs(error) <= 0.2),
      ],
    ];
  });
  const orders = [25, 50].flatMap((layers) => {
    const three = (['leastSquares', 'lasso', 'decoder'] as const).map((method) => of(method, layers));
    if (three.some((result) => result === undefined)) return [];
    const [least, lasso, decoder] = three.map((result) => lastDistance(result!)) as [number, number, number];
    return [
      [
        `T = ${layers}: g_ae-ls nearest, then g_ae-lasso, then g_dec`,
        [least, lasso, decoder].map((value) => value.toFixed(2)).join(' < '),
        said(least < lasso && lasso < decoder),
      ],
    ];
  });
  return [...orders, ...cells];
}

/** Near 1e-2. */
const stalls = { least: 3e-3, most: 3e-2 } as const;

function biasClaims(bias: readonly LearningResult[]): string[][] {
  const across = (method: Method): LearningResult[] =>
    bias.filter(({ learning }) => learning.method === method);
  const listed = (results: readonly LearningResult[]): string =>
    results
      .map((result) => `${lastError(result).toExponential(1)} (s = ${result.learning.world.active})`)
      .join(', ');
  const claim = (what: string, method: Method, holds: (error: number) => boolean): string[][] => {
    const results = across(method);
    if (results.length === 0) return [];
    const failed = results.filter((result) => !holds(lastError(result)));
    const at = failed.map(({ learning }) => `s = ${learning.world.active}`).join(', ');
    return [[what, listed(results), failed.length === 0 ? 'yes' : `**no** at ${at}`]];
  };
  const rest = (['noodl', 'alternating'] as const).flatMap((method) => {
    const results = across(method);
    return results.length === 0 ? [] : [[`${titles[method]} beside them`, listed(results), 'reported']];
  });
  return [
    ...claim(
      'λ fixed: the relative error stalls near 1e-2 (numpy, s = 10: 8.7e-3)',
      'leastSquares',
      (error) => error >= stalls.least && error <= stalls.most,
    ),
    ...claim('λ decayed: below 1e-4 (numpy, s = 10: 1.2e-5)', 'decayed', (error) => error < 1e-4),
    ...claim('hard threshold: below 1e-4 (numpy, s = 10: 3.0e-7)', 'hard-threshold', (error) => error < 1e-4),
    ...rest,
  ];
}

/** Two networks that differ by the gradient alone. */
export interface Pair {
  readonly weight: number;
  readonly step: number;
  readonly decoder: Denoised;
  readonly leastSquares: Denoised;
  /** By how much g_ae-ls is ahead, dB. */
  readonly lead: number;
}

/** The networks two by two, as they were run. */
export function pairsOf(networks: readonly Denoised[]): Pair[] {
  return networks
    .filter(({ estimator }) => estimator === 'leastSquares')
    .map((leastSquares) => {
      const { weight, step } = leastSquares;
      const decoder = networks.find(
        (network) => network.estimator === 'decoder' && network.weight === weight && network.step === step,
      )!;
      return { weight, step, decoder, leastSquares, lead: psnrOf(leastSquares) - psnrOf(decoder) };
    });
}

/** The mean PSNR on the test pictures. */
export const psnrOf = ({ scores }: Pick<Denoised, 'scores'>): number => scoreSet(scores).psnr.mean;

function denoisingClaims({ networks }: DenoisingResult): string[][] {
  const pairs = pairsOf(networks);
  return [...new Set(pairs.map(({ step }) => step))].map((step) => {
    const found = pairs.filter((pair) => pair.step === step);
    return [
      `denoising, α = ${step}: g_ae-ls ahead of g_dec at every λ (the paper, α = 0.1: 0.4 to 1.0 dB)`,
      found.map(({ weight, lead }) => `${decibels(lead)} dB (λ = ${weight})`).join(', '),
      said(found.every(({ lead }) => lead > 0)),
    ];
  });
}

/** With its sign. */
export const decibels = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

const said = (holds: boolean): string => (holds ? 'yes' : '**no**');
const signed = (share: number): string => `${share < 0 ? '−' : '+'}${percent(Math.abs(share), 0)}`;
