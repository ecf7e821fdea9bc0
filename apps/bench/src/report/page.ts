import type { Case, Figure, VariantResult } from '../benchmark.ts';
import { duration, times } from '../goals.ts';
import type { Machine } from '../machine.ts';
import { table } from '../markdown.ts';
import { remarks } from './remarks.ts';
import type { KeptResult } from './store.ts';

/** Where the page's pictures are: a folder beside it, and their names, `CASE.svg`. */
export interface Pictures {
  readonly folder: string;
  readonly pictures: readonly string[];
}

/** The result page. */
export function page(cases: readonly Case[], kept: readonly KeptResult[], pictures: Pictures): string {
  const sections = [
    '# Benchmarks',
    introduction(kept),
    '## Goals',
    table(
      ['case', 'what', 'goal', 'figure', ''],
      kept.flatMap(({ name, figures }) =>
        figures
          .filter(({ met }) => met !== undefined)
          .map((figure) => [`[${name}](#${name})`, ...row(figure)]),
      ),
    ),
    ...kept.flatMap((result) => {
      const one = cases.find(({ name }) => name === result.name);
      return one === undefined ? [] : section(one, result, pictures);
    }),
    '## Versions',
    table(
      ['variant', 'version'],
      [...versions(kept)].sort(([a], [b]) => a.localeCompare(b)),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

function introduction(kept: readonly KeptResult[]): string {
  const machines = new Map<string, string[]>();
  for (const { machine, name, date } of kept) {
    const key = `${machineText(machine)}, ${date}`;
    machines.set(key, [...(machines.get(key) ?? []), name]);
  }
  return [
    'Made by `pnpm bench --markdown docs/results/benchmarks.md`, with the peers of `node apps/bench/peers/install.mjs`. Ours (`unrolled`), plain ' +
      'tfjs in a process of its own that loads nothing of ours, and every peer that is installed run in turns, in one run; times are medians of the ' +
      'runs, and one run before them is not counted. Look at ratios: absolute times are of this machine. What is slow is measured on a piece of the ' +
      'work, which the table tells (1/50), and its time multiplied. Objectives and errors are computed by one reference in float64 from the numbers ' +
      'that each variant gave; an objective of a piece is multiplied by what the least objective of the whole is to that of the piece. ' +
      'tfjs has one thread in Node, and so has ours but where worker threads are named; peers in Python have two, but where a case says one. ' +
      'Peers are called as their documentation shows it; where another setting than the default was needed to come near the answer, ' +
      '`apps/bench/peers` says which, and why.',
    ...[...machines].map(
      ([machine, names]) => `- ${machine}${machines.size === 1 ? '' : `: ${names.join(', ')}`}`,
    ),
  ].join('\n\n');
}

const machineText = ({ cpu, cores, memory, node, backend, load }: Machine): string =>
  `${cpu}, ${cores} cores, ${memory} GB, Node ${node}, ${backend}; load before the run ${load.toFixed(1)}`;

const row = ({ what, goal, figure, met }: Figure): readonly string[] => [
  what,
  goal,
  figure,
  met === undefined ? '' : met ? '✓' : 'missed',
];

function section(one: Case, result: KeptResult, { folder, pictures }: Pictures): string[] {
  const { name, variants, figures, missing } = result;
  const own = variants.find((variant) => variant.name === 'unrolled');
  const picture = pictures.find((file) => file === `${name}.svg`);
  return [
    `## ${name}`,
    `${one.about[0]!.toUpperCase()}${one.about.slice(1)}.`,
    table(
      ['variant', 'time', '× unrolled', 'objective', 'error', 'threads', 'runs', 'measured on', 'what'],
      variants.map((variant) => variantRow(variant, own)),
    ),
    `Error: ${one.error}.`,
    ...(picture === undefined ? [] : [`![Times of ${name}](${folder}/${picture})`]),
    ...pictures
      .filter((file) => file.startsWith(`${name}-`) && cased(file, name))
      .map((file) => `![Growth of ${name}](${folder}/${file})`),
    ...(figures.length === 0 ? [] : [table(['what', 'goal', 'figure', ''], figures.map(row))]),
    ...missing.map(({ name: variant, reason }) => `\`${variant}\` did not run: ${reason.split('\n')[0]}`),
    ...(remarks[name] ?? []),
  ];
}

/** A picture of a case's growth, and not that of another case whose name is longer. */
const cased = (file: string, name: string): boolean => file.replace(`${name}-`, '').startsWith('by-');

function variantRow(variant: VariantResult, own: VariantResult | undefined): (string | number)[] {
  const { name, seconds, objective, error, threads, runs, scaled, about } = variant;
  return [
    `\`${name}\``,
    duration(seconds),
    own === undefined ? '' : times(seconds / own.seconds),
    objective === null ? '' : objective.toPrecision(8),
    error === null ? '' : error === 0 ? '0' : error.toExponential(1),
    threads,
    runs,
    scaled === 1 ? 'all' : `1/${scaled}`,
    about,
  ];
}

/** Each version once, by the first word of the variants' names that have it. */
function versions(kept: readonly KeptResult[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { variants } of kept)
    for (const { name, version } of variants) {
      const kind = ['unrolled', 'tfjs'].find((one) => name.startsWith(one)) ?? name;
      if (!found.has(kind)) found.set(kind, version);
    }
  return found;
}
