// Everything about the code but whether it works: lint, types (of tests too), unused code, and how each package would
// look to who installs it. Ends non-zero where anything fails, and says what.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { checkRelease } from './lib/changesets.mjs';
import { packAll } from './lib/pack.mjs';
import { inParallel, report, run } from './lib/run.mjs';
import { checkTables } from './lib/tables/index.mjs';
import { published, root } from './lib/workspace.mjs';

const failed = [];

async function step(name, work) {
  if (!report(name, await work())) failed.push(name);
}

/** A program of node_modules/.bin. */
const tool =
  (name, ...args) =>
  () =>
    run(join(root, 'node_modules', '.bin', name), args, { cwd: root });

/** A function of ours that throws where it finds fault. */
const own = (work) => async () => {
  const started = performance.now();
  let output = '';
  try {
    await work();
  } catch (error) {
    output = error.message;
  }
  return { ok: output === '', output, seconds: (performance.now() - started) / 1000 };
};

await step('lint and format', tool('biome', 'ci', '--error-on-warnings', '--colors=off', '.'));
await step('build and types', own(build));
await step('tables of docs', own(checkTables));
await step('types of tests', tool('tsc', '--project', 'tsconfig.tests.json'));
await step('unused code and dependencies', tool('knip'));
await step('changesets', own(checkRelease));

let packed;
await step(
  'pack',
  own(() => {
    packed = packAll();
  }),
);
if (packed) {
  try {
    await inParallel([...packed.tarballs], 2, async ([name, tarball]) => {
      await step(`${name}: publint`, tool('publint', '--strict', tarball));
      // A command has no types to be found.
      const { exports } = published.find(({ manifest }) => manifest.name === name).manifest;
      if (!exports['.']) return;
      await step(`${name}: types as installed`, tool('attw', '--profile', 'esm-only', '--no-emoji', tarball));
    });
  } finally {
    rmSync(packed.folder, { recursive: true, force: true });
  }
}

if (failed.length > 0) {
  process.stdout.write(`\n${failed.length} failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
