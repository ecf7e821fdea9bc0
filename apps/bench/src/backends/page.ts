import type { CheckResult, Duration, Failure, Row, WorkResult } from './row.ts';

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const time = (seconds: number): string =>
  seconds < 1 ? `${(seconds * 1000).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;

/** Two digits, or one, and no exponent. */
const rounded = (value: number, digits = 2): string => String(Number(value.toPrecision(digits)));

const percent = (share: number): string => `${rounded(100 * share)} %`;

/** "3.1e-7, 2 flips": the worst of the backends that it was compared with. */
function errorCell(result: CheckResult | undefined): string {
  if (!result) return '';
  if ('unsupported' in result) return '✗';
  const differences = Object.values(result.against);
  const worst = differences.reduce((most, { error }) => Math.max(most, error), 0);
  const flips = differences.reduce((most, one) => Math.max(most, one.flips), 0);
  const verdict = worst <= result.tolerance ? '' : ` (above ${result.tolerance})`;
  return `${worst.toExponential(1)}${verdict}${flips > 0 ? `, ${flips} flipped` : ''}`;
}

function workCell(row: Row, result: WorkResult | undefined): string {
  if (!result) return '';
  if ('unsupported' in result) return '✗';
  if ('expected' in result) return `left out, some ${rounded(result.expected, 1)} s`;
  const { own, wasm, flops, bytes } = result;
  const { peak } = row;
  const times = (of: (duration: Duration) => number, what: string): string =>
    `${time(of(own))} ${what}${row.backend === 'wasm' ? '' : ` (× ${rounded(of(wasm) / of(own))})`}`;
  const seconds = row.graphics ? own.wall : own.processor;
  const [gflops, gigabytes] = [flops / seconds / 1e9, bytes / seconds / 1e9];
  const share = peak
    ? `, ${percent(gflops / peak.gflops)} and ${percent(gigabytes / peak.gigabytes)} of the peak`
    : '';
  return [
    times(({ wall }) => wall, 'wall'),
    ...(row.graphics ? [] : [times(({ processor }) => processor, 'processor')]),
    `${rounded(gflops)} GFLOP/s, ${rounded(gigabytes)} GB/s${share}`,
  ].join('<br>');
}

/** What could not be done, with why: one line each. */
function reasons(row: Row): readonly string[] {
  const all = [...row.checks, ...row.works].flatMap((one) =>
    'unsupported' in one ? [`- ${row.title}, ${one.name}: ${one.unsupported}`] : [],
  );
  return [...all, ...(row.laws?.failed ?? []).map((name) => `- ${row.title}, fails: ${name}`)];
}

/** The page of results. */
export function page(rows: readonly Row[], failures: readonly Failure[]): string {
  const commands = [...new Set(rows.map(({ command }) => command))];
  const names = (of: (row: Row) => readonly { readonly name: string }[]): readonly string[] => [
    ...new Set(rows.flatMap((row) => of(row).map(({ name }) => name))),
  ];
  const entry = (name: string, cell: (row: Row) => string): string => line([name, ...rows.map(cell)]);
  const laws = ({ laws: found }: Row): string =>
    found ? `${found.passed} of ${found.passed + found.failed.length}` : '';
  const table = [
    line(['', ...rows.map(({ title }) => title)]),
    line(['---', ...rows.map(() => '---')]),
    entry('version', ({ version }) => version),
    entry('device', ({ device }) => device),
    entry('computer', ({ machine }) => machine),
    ...(rows.some((row) => row.laws) ? [entry('**tests and laws that hold**', laws)] : []),
    entry('**largest relative error** against wasm and cpu', () => ''),
    ...names(({ checks }) => checks).map((name) =>
      entry(name, ({ checks }) => errorCell(checks.find((one) => one.name === name))),
    ),
    entry('**times**', () => ''),
    ...names(({ works }) => works).map((name) =>
      entry(name, (row) =>
        workCell(
          row,
          row.works.find((one) => one.name === name),
        ),
      ),
    ),
  ];
  const missing = [
    ...failures.map(({ title, failure }) => `- ${title}: ${failure}`),
    ...rows.flatMap(reasons),
  ];
  return `# Backends

Made by

${commands.map((command) => `    ${command}`).join('\n')}

To add the column of another computer, of a graphics card above all, run there

    node apps/bench/tensorflow-backend/prove.mjs --backends webgpu --join docs/results/backends.json --markdown docs/results/backends.md

with \`--peak GFLOPS,GBS\` of its data sheet for the share of the peak that was reached.

${table.join('\n')}

*Errors*: the largest difference of any number from wasm's and from plain JavaScript's, relative to the largest of its array: values, codes,
losses, gradients, and the parameters after an update by Adam. *Flipped*: entries of a code that are zero on one backend and not on the
other, because what is thresholded lies within rounding of the threshold: none where none are named. ✗: not possible there, see below.

*Times*: medians, read-back included, wasm and the backend in turns in one process. × 2 means twice as fast as wasm was in the same run.
*Wall* is what a clock shows and other programs on the machine prolong; *processor* is what all threads of the process used. GFLOP/s counts
useful multiplications and additions of products and convolutions, GB/s what the kernels of tfjs read and write, each input and output once:
by wall time on a graphics card, elsewhere by processor time, which is the rate of one core.

${missing.length > 0 ? `## What is not there, and why\n\n${missing.join('\n')}\n` : ''}`;
}
