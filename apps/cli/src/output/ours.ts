import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { evaluationFile, summaryFile } from './summary.ts';

/** What says that a folder was written by `unrolled`, by any command of it in any version. */
const marker = z.object({ format: z.string().startsWith('unrolled-'), files: z.array(z.string()) });

/** The files of a folder of ours that are not ours; undefined where the folder as a whole is not. */
export function strangersIn(folder: string): string[] | undefined {
  const path = join(folder, summaryFile);
  if (!existsSync(path)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  const ours = marker.safeParse(content);
  if (!ours.success) return undefined;
  const known = new Set([...ours.data.files, summaryFile, evaluationFile]);
  return readdirSync(folder).filter((name) => !known.has(name));
}
