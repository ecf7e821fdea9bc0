import type { UnitComparison } from '@unrolled/metrics';
import { type Curve, curvePlot } from '@unrolled/plots';
import { median, percent, seconds, table } from '../markdown.ts';
import type { CurveResult } from './detection-curve.ts';
import type { HeartbeatResult, HybridResult, PeerResult, TalkResult } from './recordings.ts';
import type { SortingResult } from './scored-recording.ts';
import { type RateRun, type SimulationRun, variants } from './simulation.ts';

/** Everything that the experiment measured; parts that could not run are missing. */
export interface Results {
  readonly size: string;
  readonly backend: string;
  readonly simulations: readonly SimulationRun[];
  readonly rates: readonly RateRun[];
  readonly talk: TalkResult;
  readonly hybrid?: HybridResult;
  readonly peers?: readonly PeerResult[];
  readonly curve?: CurveResult;
  readonly heartbeats?: readonly HeartbeatResult[];
  readonly recordings?: readonly SortingResult[];
}

/** The result page, and its pictures. */
export function page(
  results: Results,
  command: string,
): { markdown: string; pictures: Record<string, string> } {
  const pictures: Record<string, string> = {
    'errors.svg': errorsFigure(results.simulations),
    'rates.svg': ratesFigure(results.rates),
    ...(results.curve && { 'detection.svg': detectionFigure(results.curve) }),
  };
  const sections = [
    '# CRsAE: from simulated windows to sorted recordings',
    `Made by \`${command}\` (size \`${results.size}\`, backend \`${results.backend}\`). Errors are shift-aware distances √(1 − c²) of unit-norm ` +
      'templates, c the largest cross-correlation. An accuracy is hits / (hits + misses + false positives), spikes matched one to one within 0.5 ms.',
    simulationSection(results.simulations),
    rateSection(results.rates),
    talkSection(results.talk),
    ...(results.hybrid ? [hybridSection(results.hybrid, results.peers ?? [])] : []),
    ...(results.curve ? [curveSection(results.curve)] : []),
    ...(results.heartbeats ? [heartbeatSection(results.heartbeats)] : []),
    ...(results.recordings ? [recordingSection(results.recordings)] : []),
  ];
  return { markdown: `${sections.join('\n\n')}\n`, pictures };
}

const fixed = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(3));

function simulationSection(runs: readonly SimulationRun[]): string {
  const rows = variants.flatMap(({ name }) => {
    const own = runs.filter(({ variant }) => variant === name);
    if (own.length === 0) return [];
    const at = (epoch: number): number[] =>
      own.flatMap(({ errors }) => errors[Math.min(epoch, errors.length - 1)]!);
    const worst = own.map(({ errors }) => Math.max(...errors.at(-1)!));
    return [
      [
        name,
        own.length,
        own[0]!.errors.length - 1,
        fixed(median(at(8))),
        worst.map(fixed).join(', '),
        `${worst.filter((error) => error <= 0.2).length} of ${own.length}`,
        seconds(median(own.map((run) => run.seconds))),
      ],
    ];
  });
  return [
    '## Three templates out of 320 windows',
    'C = 3, K = 18, N = 500, two spikes of each template in a window, amplitudes N(12, 1), 16 dB; starts 0.4 to 0.5 from the truth; 150 layers, ' +
      'batches of 32, Adam 0.01, weight 2 σ √(2 ln(C N_e)). "Recentred": after every epoch all filters are refitted by least squares on the ' +
      'support found, in the window of 18 samples with most of their energy, where that lowers the lasso objective.',
    table(
      [
        'gradient',
        'seeds',
        'epochs',
        'median error by epoch 8',
        'worst template at the end, by seed',
        'worst ≤ 0.2',
        'time a seed (median)',
      ],
      rows,
    ),
    '![Error of every template over the epochs](crsae-spikes/errors.svg)',
  ].join('\n\n');
}

function errorsFigure(runs: readonly SimulationRun[]): string {
  const curves = variants.flatMap(({ name }, index): Curve[] => {
    const own = runs.filter(({ variant }) => variant === name);
    if (own.length === 0) return [];
    const epochs = own[0]!.errors.map((_, epoch) => epoch);
    const y = epochs.map((epoch) => median(own.flatMap(({ errors }) => errors[epoch]!)));
    return [{ name: `${name} (median)`, x: epochs, y, dashed: index === 2 }];
  });
  return curvePlot(curves, {
    xLabel: 'Epoch',
    yLabel: 'Shift-aware error',
    yScale: 'log',
    width: 640,
    height: 340,
  });
}

function rateSection(runs: readonly RateRun[]): string {
  const rows = runs.map(({ shared, rates, closedForm, distance }) => [
    shared ? 'one for all' : 'one an atom',
    rates
      .at(-1)!
      .map((rate) => rate.toFixed(2))
      .join(', '),
    closedForm.map((rate) => rate.toFixed(2)).join(', '),
    percent(distance, 2),
  ]);
  return [
    '## λ by expectation maximisation',
    'Filters at the truth, the M-step in closed form on batches of 32, smoothed by 0.9; beside it the closed form on the codes of all windows at the end.',
    table(['λ', 'after the last epoch', 'closed form', 'largest distance'], rows),
    '![λ over the epochs](crsae-spikes/rates.svg)',
  ].join('\n\n');
}

function ratesFigure(runs: readonly RateRun[]): string {
  const curves = runs.flatMap(({ shared, rates }) =>
    rates[0]!.flatMap((_, atom): Curve[] =>
      shared && atom > 0
        ? []
        : [
            {
              name: shared ? 'shared' : `atom ${atom}`,
              x: rates.map((_, epoch) => epoch + 1),
              y: rates.map((row) => row[atom]!),
              dashed: shared,
            },
          ],
    ),
  );
  return curvePlot(curves, { xLabel: 'Epoch', yLabel: 'λ (1 / amplitude)', width: 640, height: 280 });
}

const unitRows = (comparison: readonly UnitComparison[]) =>
  comparison.map((unit) => [
    unit.trueUnit,
    unit.foundUnits.join(', ') || '–',
    unit.hits,
    unit.misses,
    unit.falsePositives,
    fixed(unit.accuracy),
    percent(unit.recall, 2),
    percent(1 - unit.precision, 2),
  ]);
const unitHeader = ['true unit', 'found as', 'hits', 'misses', 'false positives', 'accuracy', 'hit', 'false'];

function talkSection({ minutes, errors, comparison, byNetwork, seconds: time, units }: TalkResult): string {
  return [
    `## The talk’s recording: ${minutes} minutes, 3 neurons, one electrode`,
    `10 kHz, 30 Hz, 16 dB, templates of 45 samples; units left to the program, which kept ${units.length}. Learned in ${seconds(time.learning)}, ` +
      `sorted in ${seconds(time.sorting)}. Errors of the templates after the refit: ${errors.map(fixed).join(', ')}.`,
    table(unitHeader, unitRows(comparison)),
    codeParagraph(byNetwork),
    table(unitHeader, unitRows(byNetwork.comparison)),
  ].join('\n\n');
}

function codeParagraph({ seconds: time }: TalkResult['byNetwork']): string {
  return (
    'Above, spikes are found by pursuit with the learned dictionary, the default. Below, by peaks in the code of the network itself ' +
    `(its 30 layers stop before the code has settled), sorted in ${seconds(time)}:`
  );
}

function hybridSection(hybrid: HybridResult, peers: readonly PeerResult[]): string {
  const accuracies = (comparison: readonly UnitComparison[]) =>
    comparison.map(({ accuracy }) => fixed(accuracy));
  const rows = [
    [
      'unrolled',
      ...accuracies(hybrid.comparison),
      hybrid.units.length,
      seconds(hybrid.seconds.learning + hybrid.seconds.sorting),
    ],
    ...peers.map((peer) => [
      `${peer.sorter} (${peer.version})`,
      ...accuracies(peer.comparison),
      peer.units,
      seconds(peer.seconds),
    ]),
  ];
  return [
    '## Known units in a real recording',
    'Three units with known times added to a tetrode recording of a locust’s antennal lobe (28 s, 15 kHz); the recording’s own neurons have no ' +
      'truth and are not scored. Nothing was set but the rate. The peers ran in SpikeInterface on two threads, with the same scoring.',
    table(['sorter', 'unit 0', 'unit 1', 'unit 2', 'units found', 'time'], rows),
    table(unitHeader, unitRows(hybrid.comparison)),
    codeParagraph(hybrid.byNetwork),
    table(unitHeader, unitRows(hybrid.byNetwork.comparison)),
    peers.length === 0 ? 'The peers were not installed when this page was made.' : '',
  ].join('\n\n');
}

function curveSection({ ours, baseline, snr, minutes }: CurveResult): string {
  return [
    '## Misses against false alarms',
    `The talk’s simulation at ${snr} dB, ${minutes} minutes, swept over the detection threshold: with the templates of CRsAE by the evidence that the pursuit asks of a spike, and ` +
      'threshold crossings with ten principal components and k-means (the tightest of ten starts). Both are told that there are three units; a spike of the wrong unit is a false alarm.',
    table(
      ['method', 'least miss + false alarm', 'miss', 'false alarm'],
      [ours, baseline].map(({ name, points }) => {
        const best = points.reduce((a, b) =>
          b.missRate + b.falseAlarmRate < a.missRate + a.falseAlarmRate ? b : a,
        );
        return [
          name,
          percent(best.missRate + best.falseAlarmRate, 2),
          percent(best.missRate, 2),
          percent(best.falseAlarmRate, 2),
        ];
      }),
    ),
    '![Miss rate against false-alarm rate](crsae-spikes/detection.svg)',
  ].join('\n\n');
}

function detectionFigure({ ours, baseline }: CurveResult): string {
  const curve = ({ name, points }: CurveResult['ours']): Curve => ({
    name,
    x: points.map(({ falseAlarmRate }) => 100 * falseAlarmRate),
    y: points.map(({ missRate }) => 100 * missRate),
    dots: false,
  });
  return curvePlot([curve(ours), curve(baseline)], {
    xLabel: 'False alarms (%)',
    yLabel: 'Misses (%)',
    width: 640,
    height: 340,
  });
}

function heartbeatSection(records: readonly HeartbeatResult[]): string {
  return [
    '## Heartbeats, with the same code',
    'MIT-BIH records, lead MLII, ten minutes at 360 Hz, templates of 600 ms; units that stand for beats are taken together, matched within 50 ms.',
    table(
      [
        'record',
        'units found',
        'standing for beats',
        'hits',
        'misses',
        'false positives',
        'accuracy',
        'learned',
        'sorted',
      ],
      records.map(({ record, units, comparison, seconds: time }) => [
        record,
        units.length,
        comparison.foundUnits.length,
        comparison.hits,
        comparison.misses,
        comparison.falsePositives,
        fixed(comparison.accuracy),
        seconds(time.learning),
        seconds(time.sorting),
      ]),
    ),
  ].join('\n\n');
}

function recordingSection(recordings: readonly SortingResult[]): string {
  return [
    '## Recordings without a truth',
    'What can be checked is that no unit that is kept fires twice within 2 ms more than a neuron would.',
    table(
      ['recording', 'length', 'units', 'spikes', 'worst share of intervals below 2 ms', 'learned', 'sorted'],
      recordings.map(({ file, units, seconds: time }) => [
        file.replace('spikes/', ''),
        seconds(time.recording),
        units.length,
        units.reduce((sum, unit) => sum + unit.spikes, 0),
        percent(Math.max(0, ...units.map((unit) => unit.refractoryViolations)), 2),
        seconds(time.learning),
        seconds(time.sorting),
      ]),
    ),
  ].join('\n\n');
}
