import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Paths that must not outlive the process unless they were finished. They go when the process exits, whatever ends
 * it: an error, `process.exit` in the handler of Ctrl-C, the normal end of a command that did not finish them.
 */
const unfinished = new Set<string>();

process.on('exit', () => {
  for (const path of unfinished) rmSync(path, { recursive: true, force: true });
});

/** A hidden name beside this path, on the same disk: renaming it into place is one step, seen whole or not at all. */
export function siblingOf(path: string, what: string): string {
  return join(dirname(path), `.${basename(path)}.${what}-${randomUUID()}`);
}

/** From now on this path is removed at exit. */
export function removeAtExit(path: string): void {
  unfinished.add(path);
}

/** What was written at `temporary` is finished: it becomes `path`. */
export function moveIntoPlace(temporary: string, path: string): void {
  renameSync(temporary, path);
  unfinished.delete(temporary);
}

/** Writes a file that is seen whole or not at all. */
export function writeWholeFile(path: string, content: string | Uint8Array): void {
  const temporary = siblingOf(path, 'partial');
  removeAtExit(temporary);
  writeFileSync(temporary, content);
  moveIntoPlace(temporary, path);
}
