import { percent, seconds, table } from '../markdown.ts';
import { classes } from './digits.ts';
import type { PartResult, Results } from './experiment.ts';
import type { Training } from './plan.ts';
import type { TrialResult } from './trial.ts';

/** What was asked for, what was measured, and whether that is it. */
export function claimsTable({ moons, digits }: Results): string {
  return table(
    ['asked for', 'measured', 'reached'],
    [
      ...(moons ? moonClaims(moons) : []),
      ...(digits ? digitClaims(digits) : []),
      [
        'simplex weights: support inside the Delaunay cell, 200 random draws',
        'no violation: a test of `@unrolled/kds` (O-18 in `test/encoder.test.ts`) draws them in the plane, beside a triangulation by its definition',
        'yes',
      ],
    ],
  );
}

function moonClaims({ trials }: PartResult): string[][] {
  const accuracies = trials.map(({ accuracy }) => accuracy.train);
  return [
    [
      'two moons: accuracy 0.998 ± 0.005',
      accuracies.map(share).join(', '),
      said(accuracies.every((accuracy) => Math.abs(accuracy - 0.998) <= 0.005)),
    ],
  ];
}

function digitClaims({ trials, peers }: PartResult): string[][] {
  const ours = best(trials);
  const { training, encoding, clustering } = ours.seconds;
  const all = (half: 'train' | 'test'): string =>
    trials.map((trial) => `${share(trial.accuracy[half])} ${methodOf(trial.training)}`).join(', ');
  const name = `digits ${classes.join(', ')}, ${ours.atomLabels.length} atoms`;
  const spectral = (peers ?? []).filter((peer) => peer.name.includes('SpectralClustering'));
  return [
    [`${name}: 97 % or better of those trained on`, all('train'), said(ours.accuracy.train >= 0.97)],
    [`${name}: 97 % or better of test digits`, all('test'), said(ours.accuracy.test >= 0.97)],
    ...(spectral.length > 0
      ? [
          [
            'digits: the time, beside plain spectral clustering',
            `${seconds(encoding + clustering)} with landmarks learned before and ${seconds(training + encoding + clustering)} with learning them; ` +
              spectral.map((peer) => `${peer.name}: ${seconds(peer.seconds)}`).join(', '),
            'reported',
          ],
        ]
      : []),
  ];
}

/** The training with the best accuracy. */
export const best = (trials: readonly TrialResult[]): TrialResult =>
  trials.reduce((most, trial) => (trial.accuracy.train > most.accuracy.train ? trial : most));

/** How landmarks were learned. */
export const methodOf = (training: Training): string =>
  training.landmarks === 'gradient' ? 'by gradient' : 'in closed form';

export const share = (value: number): string => percent(value, 2);
const said = (reached: boolean): string => (reached ? 'yes' : 'no');
