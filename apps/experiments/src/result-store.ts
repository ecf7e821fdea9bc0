import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Results of finished parts, one JSON file each, by the part's name and settings. */
export interface ResultStore {
  /** Where it keeps them: for what is too large to be a result. */
  readonly folder: string;
  /** The kept result of this part with these settings, else computes and keeps it. */
  once<R>(part: string, settings: unknown, compute: () => Promise<R>): Promise<R>;
}

/**
 * A store in a folder. A file is named after the part and a digest of its settings: other settings never find it. It is written under
 * another name and renamed, so that an interrupted run leaves no half result.
 */
export function resultStore(folder: string, log: (line: string) => void): ResultStore {
  return {
    folder,
    async once<R>(part: string, settings: unknown, compute: () => Promise<R>): Promise<R> {
      const digest = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12);
      const path = join(folder, `${part.replaceAll(/[^\w-]+/g, '-')}-${digest}.json`);
      const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (kept !== undefined) {
        log(`${part}: kept from an earlier run`);
        return JSON.parse(kept) as R;
      }
      const start = performance.now();
      const result = await compute();
      await mkdir(folder, { recursive: true });
      await writeFile(`${path}.tmp`, JSON.stringify(result));
      await rename(`${path}.tmp`, path);
      log(`${part}: done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
      return result;
    },
  };
}
