import { median, seconds, table } from '../markdown.ts';
import { best, claimsTable, share } from './claims.ts';
import { classes } from './digits.ts';
import type { PartResult, Results } from './experiment.ts';
import { embeddingFigure, landmarkSheet, lossFigure, moonFigure } from './figures.ts';
import type { Network } from './plan.ts';
import type { TrialResult } from './trial.ts';

/** The result page, and its pictures. */
export function page(
  results: Results,
  command: string,
): { markdown: string; pictures: Record<string, string | Uint8Array> } {
  const { moons, digits } = results;
  const pictures: Record<string, string | Uint8Array> = {
    ...(moons && { 'moons.svg': moonFigure(moons.trials[0]!), 'moons-loss.svg': lossFigure(moons.trials) }),
    ...(digits && {
      'digits.png': landmarkSheet(best(digits.trials)),
      'digits-embedding.svg': embeddingFigure(best(digits.trials)),
      'digits-loss.svg': lossFigure(digits.trials),
    }),
  };
  const sections = [
    '# K-Deep Simplex: manifolds by landmarks',
    `Made by \`${command}\` (size \`${results.size}\`, ${results.device}). Landmarks are drawn from the data by their distance from each other; ` +
      'accuracy is the share of examples in the right cluster under the best matching of clusters to classes; no label is seen before that. ' +
      'Times are CPU seconds of one thread.',
    claimsTable(results),
    ...(moons ? [moonSection(moons, results)] : []),
    digits
      ? digitSection(digits, results)
      : '## Digits\n\nNot part of this run: they need a data folder with MNIST, and the size `default`.',
  ];
  return { markdown: `${sections.join('\n\n')}\n`, pictures };
}

function moonSection(part: PartResult, { plan }: Results): string {
  const closed = part.trials.filter(({ training }) => training.landmarks === 'closed-form');
  const accuracies = closed.map(({ accuracy }) => accuracy.train);
  return [
    '## Two moons',
    `${part.examples.train.toLocaleString('en')} points with noise of deviation 0.1, and as many others that are only assigned; ${described(plan.moons)}. ` +
      `Of ${closed.length} seed${closed.length === 1 ? '' : 's'} in closed form the accuracy is ${share(median(accuracies))} in the median, ` +
      `${share(Math.min(...accuracies))} at worst. The paper's notebooks have 0.998.`,
    '![Two moons with their landmarks, before and after training](kds/moons.svg)',
    trialTable(part.trials),
    ...lowerByGradient(part.trials),
    ...peerTables(part),
    '![The objective against the epoch](kds/moons-loss.svg)',
  ].join('\n\n');
}

function digitSection(part: PartResult, { plan }: Results): string {
  return [
    `## Digits ${classes.join(', ')}`,
    `${part.examples.train.toLocaleString('en')} training and ${part.examples.test.toLocaleString('en')} test digits of MNIST, pixels 0 … 1; ` +
      `${described(plan.digits)}. Test digits are encoded and assigned: neither landmarks nor clusters have seen them. ` +
      "The paper's notebooks have 0.978 on 57,035 training digits and 0.980 on test digits.",
    '![The landmarks, cluster by cluster](kds/digits.png)',
    `${plan.digits.atoms} landmarks in the order of their clusters, as the training with the best accuracy left them.`,
    '![Test digits in the embedding, coloured by class](kds/digits-embedding.svg)',
    `${best(part.trials).embedded.labels.length} test digits where the embedding puts them, coloured by what they are; scaled to norm 1, as they are clustered.`,
    trialTable(part.trials),
    ...peerTables(part),
    '![The objective against the epoch](kds/digits-loss.svg)',
  ].join('\n\n');
}

/** Where backpropagation ends below the closed form, why. */
function lowerByGradient(trials: readonly TrialResult[]): string[] {
  const gradient = trials.find(({ training }) => training.landmarks === 'gradient');
  const closed = trials.find(
    ({ training, seed }) => training.landmarks === 'closed-form' && seed === gradient?.seed,
  );
  if (!gradient || !closed || !(gradient.losses.at(-1)! < closed.losses.at(-1)!)) return [];
  return [
    'From the same landmarks the gradient ends lower: it goes through the encoder as it is, while the closed form takes the codes of a few layers ' +
      'for the best ones.',
  ];
}

const described = ({ atoms, weight, layers }: Network): string =>
  `${atoms} landmarks, λ = ${weight}, ${layers} layers`;

function trialTable(trials: readonly TrialResult[]): string {
  return table(
    [
      'landmarks',
      'seed',
      'objective, first to last epoch',
      'atoms a code',
      'accuracy as drawn',
      'trained on',
      'others',
      'training',
      'encoding',
      'clustering',
    ],
    trials.map((trial) => [
      describeTraining(trial),
      trial.seed,
      `${trial.losses[0]!.toPrecision(4)} → ${trial.losses.at(-1)!.toPrecision(4)}`,
      trial.entries.toFixed(2),
      share(trial.accuracy.untrained),
      share(trial.accuracy.train),
      share(trial.accuracy.test),
      time(trial.seconds.training),
      time(trial.seconds.encoding),
      time(trial.seconds.clustering),
    ]),
  );
}

function describeTraining({ training }: TrialResult): string {
  return training.landmarks === 'closed-form'
    ? `closed form, ${training.epochs} epochs`
    : `gradient, ${training.epochs} epochs of batches of ${training.batchSize.toLocaleString('en')}, Adam ${training.rate}`;
}

/** Others beside ours, on what was trained on. */
function peerTables(part: PartResult): string[] {
  if (!part.peers) return ['Peers: skipped (no Python with scikit-learn was given).'];
  const ours = best(part.trials);
  const { training, encoding, clustering } = ours.seconds;
  return [
    'Beside clusterings of the same examples by others:',
    table(
      ['method', 'accuracy', 'time'],
      [
        ['K-Deep Simplex, landmarks learned before', share(ours.accuracy.train), time(encoding + clustering)],
        ['the same, and learning them', share(ours.accuracy.train), time(training + encoding + clustering)],
        ...part.peers.map(({ name, accuracy, seconds: taken }) => [name, share(accuracy), time(taken)]),
      ],
    ),
    `Spectral clustering cannot place an example that it has not seen. Encoding ${part.examples.test.toLocaleString('en')} others and finding their ` +
      `clusters takes ${time(ours.seconds.assigning)}.`,
  ];
}

/** Milliseconds where it is not a second. */
const time = (value: number): string => (value < 1 ? `${(1000 * value).toFixed(0)} ms` : seconds(value));
