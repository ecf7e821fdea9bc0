import { percent, seconds, table } from '../markdown.ts';
import type { DigitResult } from './digits.ts';
import type { DigitsResult, Results } from './experiment.ts';
import { dictionarySheet, digitSheet, recoveryFigure, shownAtoms } from './figures.ts';
import { pixels, publishedAccuracy } from './plan.ts';
import type { Simulation, SimulationResult } from './simulated.ts';

/** The result page, and its pictures. */
export function page(
  results: Results,
  command: string,
): { markdown: string; pictures: Record<string, string | Uint8Array> } {
  const { simulated, digits, plan } = results;
  const pictures: Record<string, string | Uint8Array> = {
    ...(simulated && { 'recovery.svg': recoveryFigure(simulated) }),
    ...(digits && {
      'digits.png': digitSheet(digits),
      'dictionary.png': dictionarySheet(digits.compressions[0]!),
    }),
  };
  const sections = [
    '# RandNet: dictionaries from compressed measurements',
    `Made by \`${command}\` (size \`${results.size}\`, ${results.device}). RandNet is FISTA unrolled on Φ ∘ H, a random matrix after a dictionary: ` +
      '[a composition](../guides/your-own-network.md) and nothing of its own. Only u = Φ y is seen of a signal y = H x; H alone is learned, by the ' +
      'reconstruction of u. A matrix is kept as its seed and made when its block of signals has its turn. Times are CPU seconds of one thread.',
    ...(digits ? [claimsTable(digits)] : []),
    ...(simulated ? [simulatedSection(simulated, plan.simulation)] : []),
    digits
      ? digitSection(digits)
      : '## Digits\n\nNot part of this run: they need a data folder with MNIST, and the size `default`.',
  ];
  return { markdown: `${sections.join('\n\n')}\n`, pictures };
}

/** What was asked for, what was measured, and whether that is it. */
function claimsTable({ compressions, digits }: DigitsResult): string {
  return table(
    ['asked for', 'published', 'measured', 'reached'],
    compressions.map((result) => {
      const published = publishedAccuracy[result.settings.measurements];
      const { test } = result.accuracy;
      return [
        `MNIST at ${share(result)}, reported at the size that two cores allow`,
        published === undefined ? '–' : `${percent(published)} with 60,000 training digits`,
        `${percent(test)} with ${digits.train.toLocaleString('en')}`,
        published === undefined || test < published
          ? `reported; ${published === undefined ? '' : `${(100 * (published - test)).toFixed(1)} points below`}`
          : 'reported; the published figure too',
      ];
    }),
  );
}

function simulatedSection(simulated: readonly SimulationResult[], simulation: Simulation): string {
  const { features, atoms, measurements, entries, blocks, signals, layers, weight, rate } = simulation;
  const last = ({ watched }: SimulationResult): number => watched.at(-1)!;
  return [
    '## Why many matrices',
    `${blocks} blocks of ${signals} signals of ${features} numbers, ${entries} atoms of ${atoms} each with amplitudes in ±[4, 5]; ` +
      `${measurements} measurements of each. H begins as noise. ${layers} layers, λ = ${weight}, Adam ${rate}, through all layers. The error is the mean over atoms of ` +
      '√(1 − ⟨h, ĥ⟩²) under the best matching: 0 for the true ones.',
    '![The error of the dictionary against the epoch, by the number of matrices](randnet/recovery.svg)',
    table(
      ['matrices that the blocks take in turn', 'error of H, first', 'last', 'loss, first', 'last'],
      simulated.map((result) => [
        result.matrices,
        result.watched[0]!.toFixed(2),
        last(result).toFixed(2),
        result.losses[0]!.toFixed(2),
        result.losses.at(-1)!.toFixed(2),
      ]),
    ),
    'What one matrix does not see of H it never learns, however well it explains its measurements: its loss is the lowest of all. With many, nothing ' +
      'stays hidden. What is left of the error is mostly the bias of λ: a smaller one leaves less.',
  ].join('\n\n');
}

function digitSection({ digits, compressions, pixels: whole }: DigitsResult): string {
  const { settings } = compressions[0]!;
  const { layers, epochs, rate, gradient, blockSize, steps, atoms } = settings;
  const through =
    typeof gradient === 'object' && 'last' in gradient ? `the last ${gradient.last} layers` : 'all layers';
  const updates = epochs * Math.ceil(digits.train / blockSize);
  return [
    '## Digits',
    `${digits.train.toLocaleString('en')} training and ${digits.test.toLocaleString('en')} test digits of MNIST (the authors: 60,000 and 10,000), pixels 0 … 1. ` +
      `${atoms} atoms, ${layers} layers; every ${blockSize} digits share a matrix; H is learned from noise in ${epochs === 1 ? 'one epoch' : `${epochs} epochs`}, ${updates} updates of Adam ` +
      `${rate} through ${through} (the authors: batches of five, through all). Then H is frozen, all digits are encoded from their measurements, and a logistic regression is trained on the codes of the training digits, ${steps} steps on all of them ` +
      'at a time. The authors’ stored results are best with λ = 2 (392 numbers) and 1.4 (235), in 60 layers.',
    table(
      [
        'numbers of a digit',
        'λ',
        'test accuracy',
        'training accuracy',
        'published, test',
        'loss in the last epoch',
        'atoms a code',
        '‖Φ H‖²',
        'learning',
        'encoding all',
        'classifier',
      ],
      [
        ...compressions.map((result) => [
          share(result),
          result.settings.weight,
          percent(result.accuracy.test),
          percent(result.accuracy.train),
          publishedAccuracy[result.settings.measurements] === undefined
            ? '–'
            : percent(publishedAccuracy[result.settings.measurements]!),
          result.losses.at(-1)!.toFixed(1),
          result.entries.toFixed(1),
          result.squaredNorm.toFixed(0),
          seconds(result.seconds.learning),
          seconds(result.seconds.encoding),
          seconds(result.seconds.classifying),
        ]),
        [
          `all ${pixels}, as they are`,
          '–',
          percent(whole.test),
          percent(whole.train),
          ...new Array<string>(7).fill('–'),
        ],
      ],
    ),
    'The last row is the same classifier of the pixels themselves, with nothing lost and nothing learned. Where training digits are all told apart and ' +
      'others are not, it is digits and updates that are missing, not measurements: the size `paper` takes all 10,000 that are here, and ten epochs of ' +
      'the authors’ batches.',
    '![Test digits, and what is made of their measurements](randnet/digits.png)',
    `Test digits, and below them H x from ${compressions.map(({ settings: { measurements } }) => measurements).join(' and from ')} of their ${pixels} numbers.`,
    '![Atoms of the learned dictionary](randnet/dictionary.png)',
    `The ${shownAtoms} atoms that codes use most, learned from ${settings.measurements} numbers a digit: no digit was ever seen whole. MNIST is LeCun, Cortes and Burges, CC BY-SA 3.0.`,
  ].join('\n\n');
}

const share = ({ settings: { measurements } }: DigitResult): string =>
  `${measurements} of ${pixels} (${Math.round((100 * measurements) / pixels)} %)`;
