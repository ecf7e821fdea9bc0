import { vi } from 'vitest';
import { run } from '../src/run.ts';
import type { Outcome } from './unrolled.ts';

/**
 * Runs `unrolled` in this process, which costs no start of another: what it says and its exit code are those of the binary, whose
 * first line calls `run` and whose exit code is what that gives.
 */
export async function unrolledHere(args: readonly string[], cwd: string): Promise<Outcome> {
  const said = { stdout: '', stderr: '' };
  const streams = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      said[name] += chunk;
      return true;
    }),
  );
  const folder = process.cwd();
  process.chdir(cwd);
  try {
    return { code: await run(args), ...said };
  } finally {
    process.chdir(folder);
    for (const stream of streams) stream.mockRestore();
  }
}
