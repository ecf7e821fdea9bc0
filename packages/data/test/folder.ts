import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder for the files of one test file, removed at its end. */
export function testFolder(): {
  readonly path: string;
  write(name: string, content: Uint8Array | string): string;
} {
  const path = mkdtempSync(join(tmpdir(), 'unrolled-data-'));
  afterAll(() => rmSync(path, { recursive: true }));
  return {
    path,
    write(name, content) {
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
  };
}

/** The data sets beside the repository; undefined, with a word about it, where there are none. */
export const sharedData: string | undefined = ((): string | undefined => {
  const path = join(import.meta.dirname, '../../../../shared/data');
  if (existsSync(path)) return path;
  console.warn('skipped: the tests on real recordings need the data sets in ../shared/data');
  return undefined;
})();
