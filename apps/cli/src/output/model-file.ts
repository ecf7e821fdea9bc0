import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';

/**
 * Refuses a file for a model that must not be written; writes nothing.
 *
 * @throws UnrolledError EXISTS, INVALID_ARGUMENT
 */
export function requireModelFree(file: string, force: boolean | undefined): void {
  const path = resolve(file);
  if (!statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory())
    throw new UnrolledError('INVALID_ARGUMENT', `--out: ${file} lies in a folder that does not exist`);
  if (!existsSync(path)) return;
  if (!statSync(path).isFile()) throw new UnrolledError('EXISTS', `--out: ${file} exists and is not a file`);
  if (!force) throw new UnrolledError('EXISTS', `--out: ${file} exists; --force replaces it`);
}
