import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The binary as it is installed: what `pnpm build` made of src/main.ts. */
export const binary = fileURLToPath(new URL('../dist/main.js', import.meta.url));
if (!existsSync(binary))
  throw new Error(`${binary} is not there: run pnpm build, which pnpm test does first`);

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function start(args: readonly string[], cwd: string): ChildProcess {
  return spawn(process.execPath, [binary, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What a process that was started says until it ends, and how it ends. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout, stderr };
}

/** Runs `unrolled` to its end. */
export const unrolled = (args: readonly string[], cwd: string): Promise<Outcome> =>
  outcomeOf(start(args, cwd));
