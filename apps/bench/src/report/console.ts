import type { Case, CaseResult } from '../benchmark.ts';
import { duration, times } from '../goals.ts';

/** What a case found, for a terminal: ratios are of the time of `unrolled`. */
export function consoleReport({ name, about, error }: Case, result: CaseResult): string {
  const own = (result.variants.find((variant) => variant.name === 'unrolled') ?? result.variants[0])?.seconds;
  const width = Math.max(...result.variants.map((variant) => variant.name.length), 8) + 2;
  const lines = result.variants.map((variant) =>
    [
      `  ${variant.name.padEnd(width)}`,
      duration(variant.seconds).padStart(9),
      times(variant.seconds / (own ?? 1)).padStart(8),
      variant.objective === null ? '' : `  objective ${variant.objective.toPrecision(9)}`,
      variant.error === null ? '' : `  error ${variant.error.toExponential(1)}`,
      `  ${variant.threads} thread${variant.threads === 1 ? '' : 's'}, ${variant.runs} runs`,
      variant.scaled === 1 ? '' : `, measured on 1/${variant.scaled}`,
    ].join(''),
  );
  const goals = result.figures.map(
    ({ what, goal, figure, met }) =>
      `  ${met === undefined ? '·' : met ? '✓' : '✗'} ${what}: ${figure} (${goal})`,
  );
  const missing = result.missing.map(({ name: peer, reason }) => `  – ${peer} is skipped: ${reason}`);
  return [`\n${name}: ${about}`, `  error: ${error}`, ...lines, ...goals, ...missing].join('\n');
}
