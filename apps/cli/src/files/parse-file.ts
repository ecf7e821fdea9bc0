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
    if (!(error instanceof UnrolledError)) throw error;
    throw new UnrolledError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}

/** Refuses a path at which there is no folder. */
export function requireFolder(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UnrolledError('INVALID_FILE', `${path}: no such folder`);
  }
}
