// What is published works where nothing of the workspace is: every package packed, the tarballs installed with plain npm in
// an empty folder, the README's example run there; and in a second folder, with `contracts` and `testkit` alone, a
// stranger's prior proven: the example of testkit's README.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { examplesOf } from './lib/examples.mjs';
import { packAll } from './lib/pack.mjs';
import { report, run } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

build();
const { folder, tarballs } = packAll();
const named = (...names) => Object.fromEntries(names.map((name) => [name, `file:${tarballs.get(name)}`]));

/** Installs, type-checks and runs the first example of a README in an empty folder, then `more`. True where all went well. */
async function prove(title, readme, manifest, more = []) {
  const cwd = join(folder, title);
  mkdirSync(cwd);
  const types = { '@types/node': '^20.19.0' };
  writeFileSync(
    join(cwd, 'package.json'),
    JSON.stringify({ private: true, type: 'module', ...manifest, devDependencies: types }, null, 2),
  );
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    module: 'nodenext',
    types: ['node'],
    skipLibCheck: true,
  };
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['example.ts'] }));
  writeFileSync(join(cwd, 'example.ts'), examplesOf(readme)[0].code);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const steps = [
    ['npm install', npm, ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']],
    ['types', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', cwd]],
    [`the example of ${readme}`, process.execPath, ['example.js']],
    ...more,
  ];
  for (const [step, program, args] of steps) {
    // npm must not see what pnpm told its scripts about its own settings.
    const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_config_/i.test(key)));
    const result = await run(program, args, { cwd, env, timeout: 300 });
    if (!report(`${title}: ${step}`, result)) return false;
  }
  return true;
}

try {
  const everything = await prove('all packages', 'README.md', { dependencies: named(...tarballs.keys()) }, [
    ['the command unrolled', process.execPath, ['node_modules/@unrolled/cli/dist/main.js', '--version']],
  ]);
  const stranger = await prove('a stranger’s prior', 'packages/testkit/README.md', {
    dependencies: named('@unrolled/contracts', '@unrolled/testkit'),
    // Until they are on npm, the packages that testkit depends on have to be said where they are.
    overrides: named('@unrolled/backend', '@unrolled/wasm-kernels'),
  });
  if (!everything || !stranger) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
