// Type-checks and runs every ```ts block of the READMEs and of docs/ against the built packages, as a user's program would see
// them: `node scripts/examples.mjs [FILE …]`.
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './lib/build.mjs';
import { documents, examplesOf } from './lib/examples.mjs';
import { inParallel, report, run } from './lib/run.mjs';
import { published, root } from './lib/workspace.mjs';

const scratch = join(root, 'out', 'examples');

/** A folder where our packages, their commands, and what they have as peers are installed. */
function install() {
  rmSync(scratch, { recursive: true, force: true });
  const modules = join(scratch, 'node_modules');
  for (const scope of ['@unrolled', '@tensorflow', '@types', '.bin'])
    mkdirSync(join(modules, scope), { recursive: true });
  for (const { folder, manifest } of published) {
    symlinkSync(join(root, folder), join(modules, manifest.name), 'junction');
    for (const [command, program] of Object.entries(manifest.bin ?? {})) {
      // npm makes a command executable as it installs it; the compiler does not.
      const start = `#!/usr/bin/env node\nimport(${JSON.stringify(pathToFileURL(join(root, folder, program)).href)});\n`;
      writeFileSync(join(modules, '.bin', command), start, { mode: 0o755 });
    }
  }
  const peers = join(root, 'packages/backend/node_modules/@tensorflow');
  for (const name of readdirSync(peers))
    symlinkSync(join(peers, name), join(modules, '@tensorflow', name), 'junction');
  symlinkSync(join(root, 'node_modules/@types/node'), join(modules, '@types/node'), 'junction');
  writeFileSync(join(scratch, 'package.json'), '{ "private": true, "type": "module" }\n');
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    module: 'nodenext',
    types: ['node'],
    skipLibCheck: true,
    outDir: 'built',
    rootDir: '.',
  };
  writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
}

build();
install();
const asked = process.argv.slice(2).map((path) => relative(root, path));
const examples = (asked.length > 0 ? asked : documents).flatMap(examplesOf);
for (const example of examples) {
  example.name = `${example.path.replaceAll(/[/\\]/g, '.')}.${example.line}`;
  writeFileSync(join(scratch, `${example.name}.ts`), example.code);
}

// A package without an example is a broken promise too.
const bare = published
  .map(({ folder }) => join(folder, 'README.md'))
  .filter((readme) => asked.length === 0 && !examples.some((example) => example.path === readme));
for (const readme of bare) process.stdout.write(`✗ ${readme}: no example\n`);
let failed = examples.length === 0 || bare.length > 0;
const tsc = join(root, 'node_modules/typescript/bin/tsc');
failed =
  !report(`types of ${examples.length} examples`, await run(process.execPath, [tsc], { cwd: scratch })) ||
  failed;
await inParallel(examples, 2, async ({ name, path, line }) => {
  const cwd = join(scratch, 'run', name);
  mkdirSync(cwd, { recursive: true });
  const result = await run(process.execPath, [join(scratch, 'built', `${name}.js`)], { cwd, timeout: 300 });
  failed = !report(`${path}:${line}`, result) || failed;
});
if (failed) process.exitCode = 1;
