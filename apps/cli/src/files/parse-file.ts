import { readFileSync, statSync } from 'node:fs';
import { UnrolledError } from '@unrolled/contracts';

/**
 * Reads a whole file and parses it; what is wrong with it is told with its path.
 *
 * @throws UnrolledError INVALID_FILE where there is no such file, and whatever `parse` throws
 */
export function parseFile<T>(path: string, parse: (bytes: Buffer) => T): T {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new UnrolledError('INVALID_FILE', `${path}: no such file`);
  }
  try {
    return parse(readFileSync(path));
  } catch (error) {
    throw named(path, error);
  }
}

/** Runs what goes on with a file that was read; what is wrong with it is told with its path. */
export async function naming<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw named(path, error);
  }
}

function named(path: string, error: unknown): unknown {
  if (!(error instanceof UnrolledError)) return error;
  return new UnrolledError(error.code, `${path}: ${error.message}`, { cause: error });
}

/** Refuses a path at which there is no folder. */
export function requireFolder(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UnrolledError('INVALID_FILE', `${path}: no such folder`);
  }
}
