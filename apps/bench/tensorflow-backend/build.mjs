#!/usr/bin/env node
// Makes `@tensorflow/tfjs-node` in a folder of its own, where its download host cannot be reached:
//
//     node apps/bench/tensorflow-backend/build.mjs FOLDER
//
// The C library comes out of Python's wheel of the same version, the binding is compiled against it. What is there already is
// not made again. README.md says what it needs and what for.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const binding = '@tensorflow/tfjs-node@4.22.0';
const headers = 'node-api-headers@1';
// The version that this binding was written for, in a wheel for whichever Python: nothing of Python is used.
const wheel = 'tensorflow-cpu==2.9.1';
const tags = ['--python-version', '3.10', '--implementation', 'cp', '--abi', 'cp310'];
const platform = ['--platform', 'manylinux2014_x86_64'];

const internal = 'tensorflow/python/_pywrap_tensorflow_internal.so';
const framework = 'tensorflow/libtensorflow_framework.so.2';

const { positionals } = parseArgs({ allowPositionals: true });
if (positionals.length !== 1) fail('usage: build.mjs FOLDER');
const folder = resolve(positionals[0]);
const modules = join(folder, 'node_modules');
const node = join(modules, '@tensorflow', 'tfjs-node');
const lib = join(folder, 'lib');
const stub = join(lib, 'libpython_stub.so');
const addon = join(node, 'lib', 'napi-v8', 'tfjs_binding.node');
const workspace = fileURLToPath(new URL('../../../packages/backend/node_modules/', import.meta.url));

function fail(message) {
  process.stderr.write(`build: ${message}\n`);
  process.exit(1);
}

/** Runs a program, its output shown only where it fails, and returns what it wrote. */
function run(program, args, { needed = `${program} is needed`, ...options } = {}) {
  try {
    const limits = { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] };
    return execFileSync(program, args, { ...limits, ...options });
  } catch (error) {
    if (error.code === 'ENOENT') return fail(needed);
    return fail(`${program} ${args.join(' ')}\n${error.stdout ?? ''}${error.stderr ?? error.message}`);
  }
}

/** One step; a file says that it came to its end. */
function step(title, work) {
  const done = join(folder, `.${work.name}`);
  if (existsSync(done)) return process.stdout.write(`  there already: ${title}\n`);
  const started = performance.now();
  work();
  writeFileSync(done, '');
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  return process.stdout.write(`  ${title} (${seconds} s)\n`);
}

function requireTools() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    fail(`for Linux on x64, not ${process.platform} on ${process.arch}`);
  // https://github.com/tensorflow/tfjs/issues/8609: it calls util.isNullOrUndefined, which later versions have not.
  if (Number(process.versions.node.split('.')[0]) > 22) fail(`tfjs-node needs Node 22 or earlier`);
  if (!existsSync(workspace)) fail('install the workspace first: npx --yes pnpm@10 install');
  run('g++', ['--version'], { needed: 'g++ is needed: apt-get install g++' });
  run('python3', ['-m', 'pip', '--version'], { needed: 'python3 with pip is needed, of any version' });
}

/** tfjs-node without its install script, which would download; what else it depends on; the headers of Node's C interface. */
function install() {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', binding, headers], { cwd: folder });
  // One copy of these in the program, ours: a kernel that two register would warn some two hundred times.
  for (const name of ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu']) {
    rmSync(join(modules, name), { recursive: true, force: true });
    symlinkSync(realpathSync(join(workspace, name)), join(modules, name));
  }
}

/** Takes the library and the headers of the C interface out of the wheel, a zip. */
function unpack() {
  const download = join(folder, 'download');
  const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--dest', download];
  run('python3', [...pip, ...tags, ...platform, wheel]);
  const program = `
import glob, os, zipfile
with zipfile.ZipFile(glob.glob('download/*.whl')[0]) as wheel:
    for name in wheel.namelist():
        if name.startswith(('tensorflow/include/tensorflow/c/', 'tensorflow/include/tensorflow/core/platform/ctstring')):
            wheel.extract(name)
    for name in ('${internal}', '${framework}'):
        wheel.extract(name)
        os.replace(name, os.path.join('lib', os.path.basename(name)))`;
  run('python3', ['-c', program], { cwd: folder });
  rmSync(download, { recursive: true });
}

/**
 * The wheel keeps the C library in a module of Python's, which looks for Python where it is loaded. It gets a library that has
 * everything by name and nothing behind it: the C interface never calls it, and whatever does ends the process and says so.
 */
function imitatePython() {
  const undefinedSymbols = run('nm', ['-D', '--undefined-only', join(lib, internal.split('/').at(-1))]);
  const names = undefinedSymbols.split(/\s+/).filter((name) => /^_?Py/.test(name));
  const define = (name) => {
    if (name === 'Py_IsInitialized') return 'int Py_IsInitialized(void) { return 0; }';
    if (/^PyExc_|_Type$|Struct$/.test(name)) return `char ${name}[1024];`;
    return `void ${name}(void) { absent("${name}"); }`;
  };
  const source = [
    '#include <stdio.h>',
    '#include <stdlib.h>',
    'static void absent(const char *name) { fprintf(stderr, "%s: there is no Python here\\n", name); abort(); }',
    ...names.map(define),
  ];
  writeFileSync(join(folder, 'python-stub.c'), `${source.join('\n')}\n`);
  run('gcc', ['-shared', '-fPIC', '-fno-builtin', '-o', stub, join(folder, 'python-stub.c')]);
}

function compile() {
  mkdirSync(dirname(addon), { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(node, 'binding', name));
  const includes = [join(modules, 'node-api-headers/include'), join(folder, 'tensorflow/include')];
  const libraries = [stub, ...[internal, framework].map((path) => join(lib, path.split('/').at(-1)))];
  run('g++', [
    ...['-std=c++14', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
    ...includes.flatMap((include) => ['-I', include]),
    ...sources,
    ...['-o', addon, '-Wl,--no-as-needed', ...libraries, `-Wl,-rpath,${lib}`],
  ]);
}

/** Adds one and one with it, in a process of its own. */
function check() {
  const program = `
const tf = require('@tensorflow/tfjs-node');
const { TF_Version } = tf.backend().binding;
console.log(\`TensorFlow \${TF_Version}: 1 + 1 = \${tf.add(1, 1).dataSync()[0]}\`);`;
  const said = run(process.execPath, ['-e', program], {
    cwd: folder,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  if (!said.includes('1 + 1 = 2')) fail(`it computes wrongly:\n${said}`);
  process.stdout.write(said);
}

requireTools();
mkdirSync(lib, { recursive: true });
process.stdout.write(`${folder}\n`);
step(`install ${binding}`, install);
step(`take the C library out of ${wheel}`, unpack);
step('imitate Python', imitatePython);
step('compile the binding', compile);
check();
const { version } = JSON.parse(readFileSync(join(node, 'package.json'), 'utf8'));
process.stdout.write(`@tensorflow/tfjs-node ${version} is ready\n`);
