// Builds what is stale, for scripts that build first and then run a program: stdout stays the program's own.
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folders, pnpm, root } from './workspace.mjs';

const stamp = join(root, 'node_modules', '.cache', 'unrolled', 'built');

/** Makes `dist` of every package up to date with its sources. Throws what the compiler said where it finds fault. */
export function build() {
  if (isFresh()) return;
  process.stderr.write('building what has changed …\n');
  // Edits that are made during the build count as made after it.
  const started = new Date();
  const { status, stdout, stderr } = pnpm(
    ['exec', 'turbo', 'run', '//#compile', '--output-logs=errors-only'],
    {
      // turbo starts tasks through pnpm, and so needs it on its path.
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    },
  );
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, started, started);
}

/** Nothing that is built from is newer than the last build: a few hundred stats, some milliseconds. */
function isFresh() {
  const built = timeOf(stamp);
  const sources = ['package.json', 'pnpm-lock.yaml', 'tsconfig.json', 'tsconfig.base.json', 'turbo.json'];
  for (const folder of folders)
    sources.push(
      ...['package.json', 'tsconfig.json', 'src', 'bundle', 'assembly'].map((name) => `${folder}/${name}`),
    );
  return (
    folders.every((folder) => timeOf(join(root, folder, 'dist', '.tsbuildinfo')) > 0) &&
    sources.every((source) => newest(join(root, source)) < built)
  );
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** When a file was last written, or anything in a folder: a file that was removed shows in its folder's time. */
function newest(path) {
  const own = statSync(path, { throwIfNoEntry: false });
  if (!own?.isDirectory()) return own?.mtimeMs ?? 0;
  return readdirSync(path).reduce((most, name) => Math.max(most, newest(join(path, name))), own.mtimeMs);
}
