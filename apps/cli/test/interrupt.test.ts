import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { temporaryFolder } from './temporary.ts';
import { outcomeOf, start } from './unrolled.ts';

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s in the middle of work leaves nothing, with exit code %i', async (signal, exitCode) => {
  const folder = temporaryFolder();
  const child = start(['demo', '--out', 'results/first/demo'], folder);
  const outcome = outcomeOf(child);
  // The hidden folder beside the target shows that it is at work.
  const working = (): boolean =>
    readdirSync(folder, { recursive: true }).some((path) => String(path).includes('.demo.partial-'));
  while (child.exitCode === null && !working()) await setTimeout(20);
  expect(working()).toBe(true);
  // Into the work itself, not into its first millisecond.
  await setTimeout(300);
  expect(child.kill(signal)).toBe(true);
  expect((await outcome).code).toBe(exitCode);
  expect(readdirSync(folder)).toEqual([]);
});
