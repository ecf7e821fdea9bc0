import { percent, seconds, table } from '../markdown.ts';
import { type ErrorCurve, errorCurves, examplesNeeded, worst } from './claims.ts';
import type { Results } from './experiment.ts';
import { errorFigure } from './figures.ts';
import type { Direction, Hierarchy, Series } from './plan.ts';
import { near, type TrialResult } from './trial.ts';

/** The result page, and its pictures. */
export function page(
  results: Results,
  command: string,
): { markdown: string; pictures: Record<string, string | Uint8Array> } {
  const pictures: Record<string, string | Uint8Array> = {};
  const series = (results.learning ?? []).map((trials, index) => ({
    of: results.plan.series[index]!,
    trials,
  }));
  const sections = [
    '# Deep sparse coding: hierarchies of dictionaries',
    `Made by \`${command}\` (size \`${results.size}\`, ${results.device}). Signals are y = A¹ A² … A^L x^L, without noise; A¹ is Gaussian, columns of the ` +
      'others have a few entries ±1/√s, codes of the highest level a few of magnitude 1 to 2. An error is √(1 − cos²) of a true atom and the learned one ' +
      'that is matched to it, order and signs carried from level to level; medians are over seeds. Times are CPU seconds of one thread.',
    claimsSection(results, series),
    ...series.map(({ of, trials }, index) => {
      const file = `errors-${index + 1}.svg`;
      pictures[file] = errorFigure(of, trials);
      return seriesSection(
        of,
        trials,
        `![Every level’s error against the number of examples](deep-sparse/${file})`,
      );
    }),
    methodSection(results),
  ];
  return { markdown: `${sections.join('\n\n')}\n`, pictures };
}

interface Run {
  readonly of: Series;
  readonly trials: readonly TrialResult[];
}

function claimsSection({ oneLevel, feedForward }: Results, series: readonly Run[]): string {
  const rows: string[][] = [];
  const claim = (asked: string, measured: string, reached: boolean): void => {
    rows.push([asked, measured, reached ? 'yes' : '**no**']);
  };
  for (const { of, trials } of series)
    for (const direction of of.directions) {
      const last = errorCurves(of, trials)
        .filter((curve) => curve.direction === direction)
        .map(({ points }) => points.at(-1)!);
      claim(
        `${of.hierarchy.name}, ${direction}: every level found from ${last[0]!.examples} examples, an error below ${near}`,
        last.map(({ median }) => median.toFixed(3)).join(', '),
        last.every(({ median }) => median < near),
      );
    }
  const all = series.flatMap(({ trials }) => trials);
  if (all.length > 0)
    claim(
      'counts grow only downwards: no code has more than s times as many entries below as above, nor fewer',
      `true codes: ${percent(worst(all, ({ truth }) => truth.above))} and ${percent(worst(all, ({ truth }) => truth.fewer))} of steps at worst`,
      worst(all, ({ truth }) => truth.above) === 0,
    );
  if (oneLevel)
    claim(
      'one level equals plain dictionary learning',
      `greatest difference of an entry: ${Math.max(...oneLevel.map(({ difference }) => difference))}`,
      oneLevel.every(({ difference }) => difference < 1e-6),
    );
  if (feedForward) {
    const [numbers, different] = [
      feedForward.reduce((sum, result) => sum + result.numbers, 0),
      feedForward.reduce((sum, result) => sum + result.different, 0),
    ];
    claim(
      'layered pursuit with T = 1 is a plain ReLU network, to the last bit',
      `${different} of ${numbers.toLocaleString('en')} numbers differ`,
      different === 0,
    );
  }
  return `## What was asked for\n\n${table(['asked for', 'measured', 'reached'], rows)}`;
}

function seriesSection(of: Series, trials: readonly TrialResult[], picture: string): string {
  const { hierarchy, directions } = of;
  const curves = errorCurves(of, trials);
  return [
    `## ${capital(hierarchy.name)}`,
    `${described(hierarchy)}; ${of.seeds} seed${of.seeds === 1 ? '' : 's'}. ${startOf(of, trials)}`,
    picture,
    ...directions.map((direction) => errorTable(direction, curves, trials)),
    neededTable(of, curves),
  ].join('\n\n');
}

const described = ({ features, atoms, columnSparsity, active }: Hierarchy): string =>
  `${atoms.join(', ')} atoms from the data upwards, ${features} features; ${columnSparsity} entries in a column above the first level, ${active} in a code of ` +
  'the highest';

function startOf({ start }: Series, trials: readonly TrialResult[]): string {
  if (start === 'examples') return 'Learning begins with atoms that are examples.';
  const errors = trials.flatMap(({ startErrors }) => startErrors);
  return `Learning begins near the truth: with errors of ${Math.min(...errors).toFixed(2)} to ${Math.max(...errors).toFixed(2)}.`;
}

function errorTable(
  direction: Direction,
  curves: readonly ErrorCurve[],
  trials: readonly TrialResult[],
): string {
  const own = curves.filter((curve) => curve.direction === direction);
  const rows = own[0]!.points.map(({ examples }, point) => {
    const there = trials.filter((trial) => trial.direction === direction && trial.examples === examples);
    return [
      examples,
      ...own.map(({ points }) => {
        const { median, least, most } = points[point]!;
        return `${median.toFixed(3)} (${least.toFixed(3)} … ${most.toFixed(3)})`;
      }),
      ...own.map(({ points }) => percent(points[point]!.found, 0)),
      seconds(there.reduce((sum, trial) => sum + trial.seconds, 0) / there.length),
    ];
  });
  return table(
    [
      `${direction}, examples`,
      ...own.map(({ level }) => `error ${level}, median (range)`),
      ...own.map(({ level }) => `found ${level}`),
      'time',
    ],
    rows,
  );
}

/** What the paper says is enough, and what was. */
function neededTable({ hierarchy: { atoms } }: Series, curves: readonly ErrorCurve[]): string {
  return table(
    ['level', 'atoms r', 'r²', 'needed'],
    curves.map((curve) => [
      `${curve.direction} ${curve.level}`,
      atoms[curve.level - 1]!,
      atoms[curve.level - 1]! ** 2,
      examplesNeeded(curve) ?? 'more',
    ]),
  );
}

function methodSection({ plan }: Results): string {
  const { learning } = plan.series[0]!;
  return [
    '## How',
    [
      `- A level: ${learning.updates} updates of online dictionary learning at λ = ${learning.weight}, then ${learning.refinements} rounds of codes without bias and the atoms that are best for them.`,
    ].join('\n'),
  ].join('\n\n');
}

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
