import { median, percent, seconds, table } from '../markdown.ts';
import { claimsTable } from './claims.ts';
import { atomsFigure, errorsFigure, filtersFigure, rasterFigure, ratesFigure } from './figures.ts';
import { networkOptions } from './options.ts';
import { mean, type RecordingResult, type Scores } from './recordings.ts';
import { amplitude, events, length, reach, scenarios, trials } from './scenarios.ts';
import type { SimulationRun } from './simulation.ts';

/** Everything that the experiment measured; parts that could not run are missing. */
export interface Results {
  readonly size: string;
  readonly backend: string;
  readonly simulations: readonly SimulationRun[];
  readonly recordings?: readonly RecordingResult[];
}

/** The result page, and its pictures. */
export function page(
  { size, backend, simulations, recordings = [] }: Results,
  command: string,
): { markdown: string; pictures: Record<string, string> } {
  const shownSeed = simulations[0]!.seed;
  const shown = simulations.filter(({ seed, variant }) => seed === shownSeed && /refitted/.test(variant));
  const pictures: Record<string, string> = {
    'errors.svg': errorsFigure(simulations),
    'filters.svg': filtersFigure(shown),
  };
  recordings.forEach((recording, index) => {
    pictures[`atoms-${index}.svg`] = atomsFigure(recording);
    pictures[`rates-${index}.svg`] = ratesFigure(recording);
    pictures[`raster-${index}.svg`] = rasterFigure(recording);
  });
  const sections = [
    '# DCEA on spike counts: filters and events by the likelihood',
    `Made by \`${command}\` (size \`${size}\`, backend \`${backend}\`). Networks are \`dcea\`: FISTA on −log p(y | H x + a) with codes ≥ 0, filters of unit ` +
      'norm, trained on the likelihood alone through the encoder. Deviance explained is 1 − deviance / deviance of a constant rate for each group, ' +
      'of trials that nothing was fitted to.',
    claimsTable(simulations, recordings),
    simulationSection(simulations),
    ...recordings.map(recordingSection),
    recordings.length === 0
      ? 'The recordings were not there when this page was made: their part was skipped.'
      : '',
  ];
  return { markdown: `${sections.filter((section) => section !== '').join('\n\n')}\n`, pictures };
}

const range = (values: readonly number[], write: (value: number) => string): string =>
  values.length === 1
    ? write(values[0]!)
    : `${write(mean(values))} (${write(Math.min(...values))} to ${write(Math.max(...values))})`;
const three = (value: number): string => value.toFixed(3);
const share = (value: number): string => percent(value);

function simulationSection(runs: readonly SimulationRun[]): string {
  const keys = [...new Set(runs.map(({ scenario, variant }) => `${scenario}|${variant}`))];
  const rows = keys.map((key) => {
    const own = runs.filter(({ scenario, variant }) => `${scenario}|${variant}` === key);
    return [
      own[0]!.scenario,
      own[0]!.variant,
      range(
        own.map(({ errors }) => mean(errors.at(-1)!)),
        three,
      ),
      three(Math.max(...own.flatMap(({ errors }) => errors.at(-1)!))),
      range(
        own.map(({ heldOut }) => heldOut.model),
        share,
      ),
      own[0]!.heldOut.clipped === undefined
        ? '–'
        : range(
            own.map(({ heldOut }) => heldOut.clipped!),
            share,
          ),
      share(mean(own.map(({ heldOut }) => heldOut.truth))),
      `${share(mean(own.map(({ hits }) => hits)))} / ${share(mean(own.map(({ falseAlarms }) => falseAlarms)))}`,
      seconds(median(own.map((run) => run.seconds))),
    ];
  });
  const { layers, epochs } = settingsOf(runs);
  const shown = scenarios.filter(({ name }) => runs.some(({ scenario }) => scenario === name));
  const deeper = shown.filter((own) => (own.layers ?? 0) > layers);
  const heavier = shown.filter((own) => own.weight !== undefined);
  return [
    '## Simulated counts: three filters of 50 bins',
    `Groups of ${length} bins, ${events} events of each filter in a group, amplitudes of mean ${shown.map((own) => `${own.amplitude ?? amplitude} (${own.name})`).join(', ')} and a tenth of that as deviation, filters added to the log-odds (binomial, ${trials} trials) or to the ` +
      `logarithm of the rate (Poisson); the baselines of the groups, uniform in the range that the name says, are given. Starts 0.4 to 0.5 from the truth; ${layers} layers${deeper.map((own) => ` (${own.layers} by the likelihood, ${own.name})`).join('')}, ${epochs} epochs, batches of ` +
      `32 groups, Adam at a rate that moves coefficients by about ${reach} an epoch, weight σ √(2 ln(C N_e)) with σ the deviation of counts at the baseline${heavier.map((own) => ` (${own.weight} times that, ${own.name})`).join('')}. ` +
      `The groups: ${shown.map((own) => `${own.groups} (${own.name})`).join(', ')}. ` +
      'Errors are shift-aware distances √(1 − c²), c the largest cross-correlation; means over the three filters, then over seeds, with their range. "Refitted": after every epoch events, their ' +
      'amplitudes and the filters are fitted in turn on the likelihood, by Newton’s method: places move by a bin or two, an event that gains less log-likelihood than ln(C N_e) goes, one that is missed comes, and each ' +
      'filter is taken from the window with most of its energy. Groups, amplitudes, weights and rates were chosen with the results of these seeds in view.',
    'The Gaussian looks at the same counts with a variance that is one everywhere, and adds filters to their mean: its refit is least squares, and an event has to gain σ² ln(C N_e). Predictions are the network’s own, for fresh trials ' +
      'of the same groups; the weight of the prior for them is chosen by other fresh trials. A Gaussian predicts means that no count has: they are clipped at a share of the baseline, and as far below ' +
      'the number of trials. That share too is chosen by the other fresh trials, in its favour; beside it the share of 1 %, which keeps the mean in the valid range and no more.',
    table(
      [
        'counts',
        'learned by',
        'error',
        'worst filter',
        'deviance explained',
        'clipped at 1 % only',
        'by the true rates',
        'events found / false',
        'processor time',
      ],
      rows,
    ),
    '![Error over the epochs](counts/errors.svg)',
    '![True and learned filters](counts/filters.svg)',
  ].join('\n\n');
}

function settingsOf(runs: readonly SimulationRun[]): { layers: number; epochs: number } {
  return { layers: runs[0]!.layers, epochs: runs[0]!.errors.length - 1 };
}

function recordingSection(recording: RecordingResult, index: number): string {
  const { name, networks, peers, shown, groupNames, bin, window } = recording;
  const plain = networks[0]!;
  const row = ({ name: own, explained, bits }: Scores): (string | number)[] => [
    own,
    range(explained, share),
    range(bits, three),
    own === `DCEA, ${plain.name}`
      ? '–'
      : `${explained.filter((value, fold) => value > plain.explained[fold]!).length} of ${explained.length}`,
  ];
  return [
    `## ${name}: ${groupNames.length} groups of 25 trials`,
    `${about[index] ?? ''} Bins of ${1000 * bin} ms. Five folds: what is learned from twenty trials of each group predicts the other five; the range is over the folds. Filters and baselines are learned on the ` +
      `summed training trials, all groups in one batch; the weight of the prior for prediction is chosen within them. "Known support": events begin between ${window[0]} and ${window[1]} s. ` +
      'The peers choose width, knots and penalty for each group by cross-validation within the training trials.',
    table(
      ['rates by', 'deviance explained', 'bits for each spike', 'folds better than plain'],
      [
        ...networkOptions
          .flatMap((options) => networks.filter((own) => own.name === options.name))
          .map((own) => row({ ...own, name: `DCEA, ${own.name}` })),
        ...(peers ?? []).map(row),
      ],
    ),
    ...(peers === undefined ? ['The peers were skipped: no Python was given.'] : []),
    `Shown is fold 0 of "${shown.options}", as later work of the same group recommends for responses to events whose time is known about; that knowledge the peers do not have.`,
    `![Atoms](counts/atoms-${index}.svg)`,
    `![Rates](counts/rates-${index}.svg)`,
    `![Spikes and events](counts/raster-${index}.svg)`,
  ].join('\n\n');
}

const about = [
  'A neuron of the sub-thalamic nucleus around a movement (Kramer & Eden, *Case Studies in Neural Data Analysis*, chapter 10; measured or simulated, the book does not say). ' +
    'A bin is fifty bins of 1 ms in which there was a spike or none: binomial, out of fifty times the trials.',
  'Five sorted neurons of a locust’s antennal lobe under two odours from about 10 s on (Pouzat & Laurent), Poisson: the odours’ groups share their atoms.',
];
