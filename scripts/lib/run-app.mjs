import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { folders, root } from './workspace.mjs';

/**
 * Builds what is stale, then becomes the program: same process, so that its streams, its signals and its exit code are
 * those of a `node …/main.js`. Relative paths mean what they say: pnpm starts scripts in the workspace and keeps in
 * INIT_CWD the folder that the user is in.
 */
export async function runApp(name, args) {
  if (!folders.includes(`apps/${name}`)) {
    process.stderr.write(`run-app: no app "${name}": one of ${apps().join(', ')}\n`);
    process.exit(2);
  }
  try {
    build();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  const main = join(root, 'apps', name, 'dist', 'main.js');
  process.chdir(process.env.INIT_CWD ?? process.cwd());
  process.argv = [process.execPath, main, ...args];
  await import(pathToFileURL(main).href);
}

function apps() {
  return folders.filter((folder) => folder.startsWith('apps/')).map((folder) => folder.slice('apps/'.length));
}
