// Makes the Python environment of the peers: `node apps/bench/peers/install.mjs [FOLDER] [--python PYTHON]`.
// `pnpm bench` finds it in the default folder, out/bench-peers; elsewhere, say `pnpm bench --python FOLDER/bin/python`.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const requirements = join(here, 'requirements.txt');
const pythons = ['python3.12', 'python3.13', 'python3.11', 'python3'];
const cpuWheels = 'https://download.pytorch.org/whl/cpu';
const modules = [
  'numpy',
  'scipy',
  'threadpoolctl',
  'sklearn',
  'sporco',
  'pyfftw',
  'numba',
  'alphacsc',
  'torch',
];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { python: { type: 'string' } },
});
const folder = resolve(positionals[0] ?? join(here, '../../../out/bench-peers'));
const own = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

if (!existsSync(own)) {
  const python = findPython(values.python === undefined ? pythons : [values.python]);
  console.log(`${python} makes ${folder}`);
  run(python, ['-m', 'venv', folder], `python's venv module (on Debian: apt-get install python3-venv)`);
}
const pins = readFileSync(requirements, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const torch = pins.find((pin) => pin.startsWith('torch=='));
const others = pins.filter((pin) => pin !== torch);
run(own, ['-m', 'pip', 'install', ...others], 'access to a Python package index');
// The wheel of PyTorch's own index has no CUDA and is a tenth as large.
const small = spawnSync(
  own,
  ['-m', 'pip', 'install', '--retries', '0', '--timeout', '15', '--index-url', cpuWheels, `${torch}+cpu`],
  { stdio: 'ignore' },
);
if (small.status !== 0) {
  console.log(`${cpuWheels} cannot be reached: the wheel with CUDA is taken, some gigabytes`);
  run(own, ['-m', 'pip', 'install', torch], 'access to a Python package index');
}
run(own, ['-c', `import ${modules.join(', ')}`], 'an environment whose packages all load');
console.log(`ready: pnpm bench --python ${own}`);

function findPython(candidates) {
  for (const candidate of candidates) {
    const asked = spawnSync(candidate, ['-c', 'import sys; print(sys.version_info[:2])'], {
      encoding: 'utf8',
    });
    const [, minor] = /\(3, (\d+)\)/.exec(asked.stdout ?? '') ?? [];
    if (minor !== undefined && Number(minor) >= 11 && Number(minor) <= 13) return candidate;
  }
  return fail(`none of ${candidates.join(', ')} is a Python 3.11 to 3.13: say which with --python`);
}

function run(program, args, needed) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0)
    fail(
      `${program} ${args.slice(0, 3).join(' ')} … failed${error ? ` (${error.message})` : ''}: it needs ${needed}`,
    );
}

function fail(message) {
  console.error(`install: ${message}`);
  process.exit(1);
}
