import { percent, seconds, table } from '../markdown.ts';
import { type ErrorCurve, errorCurves, examplesNeeded, sparsityByLevel, withMost } from './claims.ts';
import type { Results } from './experiment.ts';
import type { FeedForwardResult } from './feed-forward.ts';
import { capital, errorFigure, sparsityFigure } from './figures.ts';
import type { Hierarchy, Series } from './plan.ts';
import { type Counts, near, type TrialResult } from './trial.ts';

/** The result page, and its pictures. */
export function page(
  results: Results,
  command: string,
): { markdown: string; pictures: Record<string, string | Uint8Array> } {
  const pictures: Record<string, string | Uint8Array> = {};
  const picture = (file: string, alternative: string, content: string): string => {
    pictures[file] = content;
    return `![${alternative}](deep-sparse/${file})`;
  };
  const runs = (results.learning ?? []).map((trials, index) => ({
    of: results.plan.series[index]!,
    trials,
  }));
  const fromNear = runs.filter(({ of }) => of.start === 'near');
  const sections = [
    '# Deep sparse coding: hierarchies of dictionaries',
    `Made by \`${command}\` (size \`${results.size}\`, ${results.device}). Signals are y = A¹ A² … A^L x^L, without noise: A¹ is Gaussian, columns of the ` +
      'others have a few entries ±1/√s, codes of the highest level a few of magnitude 1 to 2. The error of an atom is √(1 − cos²) to the learned one that ' +
      'is matched to it, order and signs carried from level to level.',
    claimsSection(results, runs),
    ...fromNear.map(({ of, trials }, index) =>
      nearSection(
        { of, trials },
        picture(
          `errors-${index + 1}.svg`,
          'Every level’s error against the number of examples',
          errorFigure(of, trials),
        ),
      ),
    ),
    ...(fromNear.length > 0
      ? [
          predictionsSection(
            fromNear,
            picture(
              'sparsity.svg',
              'The share of atoms that a code uses, by level',
              sparsityFigure(fromNear),
            ),
          ),
        ]
      : []),
    ...runs.filter(({ of }) => of.start === 'examples').map(examplesSection),
    methodSection(results),
  ];
  return { markdown: `${sections.join('\n\n')}\n`, pictures };
}

interface Run {
  readonly of: Series;
  readonly trials: readonly TrialResult[];
}

function claimsSection({ oneLevel, feedForward }: Results, runs: readonly Run[]): string {
  const rows: string[][] = [];
  const claim = (asked: string, measured: string, reached: boolean): void => {
    rows.push([asked, measured, reached ? 'yes' : '**no**']);
  };
  for (const { of, trials } of runs)
    for (const direction of of.directions) {
      const curves = errorCurves(of, trials).filter((curve) => curve.direction === direction);
      const needed = curves.map((curve) => examplesNeeded(curve));
      const last = curves.map(({ points }) => points.at(-1)!);
      claim(
        `${of.hierarchy.name}, ${direction}, from ${of.start === 'near' ? 'near the truth' : 'atoms that are examples'}: every level’s error below ${near}`,
        needed.every((count) => count !== undefined)
          ? `from ${Math.max(...needed)} examples on; ${last.map(({ median }) => median.toFixed(3)).join(', ')} at ${last[0]!.examples}`
          : `${last.map(({ median }) => median.toFixed(2)).join(', ')} at ${last[0]!.examples} examples`,
        needed.every((count) => count !== undefined),
      );
    }
  countClaims(runs, claim);
  if (oneLevel)
    claim(
      'one level equals plain dictionary learning',
      `the greatest difference of two entries is ${Math.max(...oneLevel.map(({ difference }) => difference))}, of ${oneLevel.length} seed${plural(oneLevel.length)}`,
      oneLevel.every(({ difference }) => difference < 1e-6),
    );
  if (feedForward) {
    const sum = (of: (result: FeedForwardResult) => number): number =>
      feedForward.reduce((total, result) => total + of(result), 0);
    claim(
      'layered pursuit with T = 1 is a plain ReLU network, to the last bit',
      `of ${sum(({ numbers }) => numbers).toLocaleString('en')} numbers, ${sum(({ active }) => active).toLocaleString('en')} of them not 0, ${sum(({ different }) => different)} differ`,
      sum(({ different }) => different) === 0,
    );
  }
  return `## What was asked for\n\n${table(['asked for', 'measured', 'reached'], rows)}`;
}

/** The predictions, of the true codes of all examples and of those that were learned from most. */
function countClaims(
  runs: readonly Run[],
  claim: (asked: string, measured: string, reached: boolean) => void,
): void {
  const steps = (counts: readonly Counts[]): { readonly least: number; readonly told: string } => {
    const shares = counts.map(({ above, fewer }) => 1 - above - fewer);
    const [least, most] = [Math.min(...shares), Math.max(...shares)];
    const range =
      least === most ? percent(least) : `${percent(least)} to ${percent(most)}, by seed and direction,`;
    return { least, told: `${range} of the steps from a code to the one below it` };
  };
  const trials = runs.flatMap((run) => run.trials);
  if (trials.length === 0) return;
  const truth = steps(trials.map((trial) => trial.truth));
  claim(
    'counts grow only downwards, true codes: 1 to s times as many entries below as above',
    truth.told,
    truth.least === 1,
  );
  const fromNear = runs.filter(({ of }) => of.start === 'near');
  for (const { of, trials: own } of fromNear) {
    const most = of.directions.flatMap((direction) => withMost(own, direction));
    const learned = steps(most.map((trial) => trial.learned));
    claim(
      `… the codes of ${of.hierarchy.name} as learned from ${most[0]!.examples} examples, but for 1 %`,
      learned.told,
      learned.least >= 0.99,
    );
  }
  for (const { of, trials: own } of fromNear) {
    const needed = errorCurves(of, own).map(examplesNeeded);
    const bound = Math.max(...of.hierarchy.atoms) ** 2;
    claim(
      `${of.hierarchy.name}: no more examples needed than the paper’s bound, the square of the largest level, ${bound.toLocaleString('en')}`,
      needed.includes(undefined) ? 'not found' : `at most ${Math.max(...needed.map(Number))}`,
      needed.every((count) => count !== undefined && count <= bound),
    );
  }
}

function nearSection({ of, trials }: Run, picture: string): string {
  const { hierarchy, seeds } = of;
  const curves = errorCurves(of, trials);
  const starts = trials.flatMap(({ startErrors }) => startErrors);
  return [
    `## ${capital(hierarchy.name)}`,
    `${described(hierarchy)}. Learning begins near the truth, as the theory has it: with errors of ${Math.min(...starts).toFixed(2)} to ` +
      `${Math.max(...starts).toFixed(2)}. Medians over ${seeds} seed${plural(seeds)}; dashed, ${near}.`,
    picture,
    errorTable(of, curves, trials),
    `How many examples every level needs for an error below ${near}. Backward, the examples of a level below the highest are the atoms above it, ` +
      `${list(hierarchy.atoms.slice(1))} of them however many signals there are: more signals make them exacter, not more.`,
    neededTable(of, curves),
  ].join('\n\n');
}

const described = ({ features, atoms, columnSparsity, active }: Hierarchy): string =>
  `${features} features, ${list(atoms)} atoms from the data upwards; ${columnSparsity} entries in a column above the first level, ${active} in a code of ` +
  'the highest';

function errorTable(
  { directions, hierarchy }: Series,
  curves: readonly ErrorCurve[],
  trials: readonly TrialResult[],
): string {
  const levels = hierarchy.atoms.map((_, index) => index + 1);
  const rows = directions.flatMap((direction) => {
    const own = curves.filter((curve) => curve.direction === direction);
    return own[0]!.points.map(({ examples }, point) => {
      const there = trials.filter((trial) => trial.direction === direction && trial.examples === examples);
      return [
        direction,
        examples,
        ...own.map(({ points }) => {
          const { median, least, most, found } = points[point]!;
          return `${median.toFixed(3)} (${least.toFixed(3)} to ${most.toFixed(3)}), ${percent(found, 0)}`;
        }),
        seconds(there.reduce((sum, trial) => sum + trial.seconds, 0) / there.length),
      ];
    });
  });
  return table(
    ['learned', 'examples', ...levels.map((level) => `level ${level}: error (range), atoms found`), 'time'],
    rows,
  );
}

function neededTable({ directions, hierarchy: { atoms } }: Series, curves: readonly ErrorCurve[]): string {
  const needed = (level: number, direction: (typeof directions)[number]): string => {
    const curve = curves.find((one) => one.level === level && one.direction === direction)!;
    const count = examplesNeeded(curve);
    if (count === undefined) return `more than ${curve.points.at(-1)!.examples}`;
    const fewest = count === curve.points[0]!.examples ? 'at most ' : '';
    return `${fewest}${count} (${(count / atoms[level - 1]!).toFixed(1)} an atom)`;
  };
  return table(
    ['level', 'atoms', ...directions],
    atoms.map((count, index) => [
      index + 1,
      count,
      ...directions.map((direction) => needed(index + 1, direction)),
    ]),
  );
}

function predictionsSection(runs: readonly Run[], picture: string): string {
  return [
    '## The predictions of the talk',
    'Sparse codes at every level, sparser upwards; sparse receptive fields, the columns of the dictionaries above the first. Where a column has s entries, a ' +
      'code has at most s times as many entries as the one above it. Learned values are of the most examples, means over seeds; entries of a column count ' +
      'from a twentieth of its largest.',
    picture,
    ...runs.map(({ of, trials }) =>
      table(
        [
          of.hierarchy.name,
          'atoms',
          'entries of a true code',
          ...of.directions.map((direction) => `learned ${direction}`),
          'entries of a true column',
          ...of.directions.map((direction) => `learned ${direction}`),
        ],
        sparsityByLevel(of, trials).map(({ level, atoms, truth, learned, fields }) => [
          `level ${level}`,
          atoms,
          `${truth.toFixed(2)} (${percent(truth / atoms)})`,
          ...learned.map((count) => `${count.toFixed(2)} (${percent(count / atoms)})`),
          level === 1 ? `all ${of.hierarchy.features}` : of.hierarchy.columnSparsity,
          ...fields.map((count) => count.toFixed(2)),
        ]),
      ),
    ),
  ].join('\n\n');
}

function examplesSection({ of, trials }: Run): string {
  return [
    '## From atoms that are examples',
    `The same hierarchy of ${of.hierarchy.name}, with nothing known: learning begins with examples, drawn at random, and has ${of.learning.updates} updates. ` +
      `Medians over ${of.seeds} seed${plural(of.seeds)}. The theory promises nothing here, and what is found below decides what can be found above.`,
    errorTable(of, errorCurves(of, trials), trials),
  ].join('\n\n');
}

function methodSection({ plan: { series, one, feedForward } }: Results): string {
  const { learning } = series[0]!;
  return [
    '## How',
    [
      `- A level: ${learning.updates} updates of online dictionary learning at λ = ${learning.weight}, then ${learning.refinements} rounds of codes without bias (supports by the lasso, values by least squares) and the atoms that are best for them. Forward, the codes of a level are the examples of the next; backward, the atoms of a level are.`,
      `- Near the truth: every atom, or column of the product of dictionaries that is learned, under normal noise of norm ${learning.deviation}.`,
      '- Hierarchies grow upwards: were there fewer atoms above than below, the product of the two levels would be the sparser dictionary, and learned in place of the lower one.',
      '- An atom is found where its error is below 0.1, six degrees. “From … on”: the median stays below it with more examples.',
      `- One level: ${one.hierarchy.atoms[0]} atoms from ${one.examples.toLocaleString('en')} examples by \`learnForward\` without rounds, and by \`learnDictionary\`, from the same seed.`,
      `- T = 1: non-negative hierarchies of ${list(feedForward.hierarchies.map(({ atoms }) => atoms.length))} level${plural(feedForward.hierarchies.at(-1)!.atoms.length)}, ${feedForward.signals.toLocaleString('en')} signals each; beside relu(α · (Aᵀ x) − α λ) in TensorFlow.js’s own operations, compared bit by bit.`,
      '- Times are seconds of a processor.',
    ].join('\n'),
  ].join('\n\n');
}

const plural = (count: number): string => (count === 1 ? '' : 's');

/** `1, 2 and 3`. */
const list = (values: readonly number[]): string =>
  values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
