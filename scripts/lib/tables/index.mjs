// The tables of docs/ as files: written, or compared with what is there.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../workspace.mjs';
import { built } from './device.mjs';
import { likelihoodTables } from './likelihoods.mjs';
import { priorTables } from './priors.mjs';

/** All files, by path. Needs the built packages. */
async function tables() {
  const { useBackend } = await built('backend');
  await useBackend('cpu');
  return Object.entries({ ...(await priorTables()), ...(await likelihoodTables()) });
}

/** Writes them, and says which. */
export async function writeTables() {
  const files = await tables();
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return files.map(([path]) => path);
}

/** Throws where one of them is not what the code says. */
export async function checkTables() {
  const stale = (await tables()).filter(([path, text]) => read(path) !== text).map(([path]) => path);
  if (stale.length > 0) throw new Error(`out of date: ${stale.join(', ')}\nmake them again by pnpm tables`);
}

function read(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}
