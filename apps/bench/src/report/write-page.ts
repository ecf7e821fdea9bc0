import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Case, CaseResult } from '../benchmark.ts';
import type { Machine } from '../machine.ts';
import { page } from './page.ts';
import { figures } from './plots.ts';
import { type KeptResult, keptResults, merged } from './store.ts';

/**
 * Writes the page, and beside it, in a folder of its name, what it was made of: pictures, and the results, into which a later run
 * of some cases is merged.
 *
 * @param file the page: `docs/results/benchmarks.md`
 */
export async function writePage(
  file: string,
  cases: readonly Case[],
  machine: Machine,
  results: readonly CaseResult[],
): Promise<void> {
  const name = basename(file, extname(file));
  const folder = join(dirname(file), name);
  await mkdir(folder, { recursive: true });
  const store = join(folder, 'results.json');
  const date = new Date().toISOString().slice(0, 10);
  const fresh = results.map((result): KeptResult => ({ ...result, date, machine }));
  const kept = merged(
    await keptResults(store),
    fresh,
    cases.map((one) => one.name),
  );
  await writeFile(store, `${JSON.stringify(kept, null, 2)}\n`);
  const pictures = figures(kept);
  for (const [picture, svg] of Object.entries(pictures)) await writeFile(join(folder, picture), svg);
  await writeFile(file, page(cases, kept, { folder: name, pictures: Object.keys(pictures) }));
}
