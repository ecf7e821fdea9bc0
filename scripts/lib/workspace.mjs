// What is in the workspace, and the package manager that keeps it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workspace's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** JSON out of a file of the workspace. */
export const readJson = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));

/** The folders of all packages and apps, relative to the root. */
export const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
);

/** What is published: `{ folder, manifest }`. */
export const published = folders
  .map((folder) => ({ folder, manifest: readJson(folder, 'package.json') }))
  .filter(({ manifest }) => !manifest.private);

/**
 * Runs pnpm. It is on the path in every script that pnpm itself runs, from npx too; whoever types `node scripts/…` gets it
 * from npx.
 */
export function pnpm(args, options) {
  const here = (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, 'pnpm')) || existsSync(join(folder, 'pnpm.cmd')));
  const [program, ...before] = here ? ['pnpm'] : ['npx', '--yes', 'pnpm@10'];
  return spawnSync(program, [...before, ...args], { shell: process.platform === 'win32', ...options });
}
