// tfjs-core's Node entry is one CommonJS file without gradients, and `dist/register_all_gradients.js` is a tree of ES
// modules without file extensions, which Node refuses to load. This bundles that tree once, against the *public* face of
// tfjs-core: what `import '@tensorflow/tfjs-core'` exports is taken from there, so that there is one engine, one registry
// of kernels and one of gradients. Only what is not public is copied in: thin ops and the arithmetic of shapes.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const core = require('@tensorflow/tfjs-core');
const { version } = require('@tensorflow/tfjs-core/package.json');
const folder = dirname(require.resolve('@tensorflow/tfjs-core'));
const entry = resolve(folder, 'register_all_gradients.js');

/** Modules that hold state: a copy of one would be a second engine, silent and wrong. Nothing of theirs may be copied. */
const stateful = ['engine', 'kernel_registry', 'environment', 'tensor', 'globals', 'flags', 'base'].map(
  (name) => resolve(folder, `${name}.js`),
);

/** Internal names of public things. */
const accessors = { ENGINE: 'core.engine()', getGlobalTensorClass: '() => core.Tensor' };

/** Where the public face keeps what the internal modules export. */
const namespaces = ['util', 'backend_util', 'slice_util', 'broadcast_util'];

/** The line that takes `name` from the public face of tfjs-core, or nothing where it is not public. */
function publicly(name) {
  if (name in accessors) return `export const ${name} = ${accessors[name]};`;
  if (name in core) return `export const ${name} = core.${name};`;
  const holder = namespaces.find((namespace) => name in core[namespace]);
  return holder && `export const ${name} = core.${holder}.${name};`;
}

/** Chained methods exist where somebody registered them, which importing tfjs-core alone does not. */
const functional = {
  'GatherV2_grad.js': [
    ['x.split(batchSize, 0)', 'core.split(x, batchSize, 0)'],
    ['indices.slice(i, 1), dy.slice(i, 1)', 'core.slice(indices, i, 1), core.slice(dy, i, 1)'],
    ['stacked.reshape(x.shape)', 'core.reshape(stacked, x.shape)'],
  ],
  'Prod_grad.js': [
    ['permutedX.reshape(newShape)', 'core.reshape(permutedX, newShape)'],
    ['prodGrad.reshape(permutedX.shape)', 'core.reshape(prodGrad, permutedX.shape)'],
  ],
};

/** The same source with every chained method replaced; throws where tfjs-core has changed and one is not found. */
function withoutChaining(file, source) {
  const edits = functional[basename(file)] ?? [];
  return edits.reduce(
    (text, [chained, call]) => {
      if (!text.includes(chained))
        throw new Error(`${basename(file)} no longer has ${chained}: look for what it has now`);
      return text.replace(chained, call);
    },
    edits.length > 0 ? `import * as core from '@tensorflow/tfjs-core';\n${source}` : source,
  );
}

/** Every name that a module exports, with the file that declares it. */
function exportsOf(file) {
  const source = readFileSync(file, 'utf8');
  const own = [...source.matchAll(/^export (?:const|function|class|let) (\w+)/gm)].map(([, name]) => [
    name,
    file,
  ]);
  const listed = [...source.matchAll(/^export \{ ([\w, ]+) \}/gm)].flatMap(([, names]) => names.split(', '));
  const others = [...source.matchAll(/^export \* from '(\..+?)'/gm)];
  return [
    ...own,
    ...listed.map((name) => [name, file]),
    ...others.flatMap(([, path]) => exportsOf(resolve(dirname(file), `${path}.js`))),
  ];
}

const throughThePublicFace = {
  name: 'through-the-public-face',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, `${path}.js`);
      return file.startsWith(resolve(folder, 'gradients'))
        ? { path: file }
        : { path: relative(folder, file), namespace: 'public' };
    });
    onLoad({ filter: /_grad\.js$/, namespace: 'file' }, ({ path }) => ({
      contents: withoutChaining(path, readFileSync(path, 'utf8')),
      resolveDir: dirname(path),
    }));
    onLoad({ filter: /.*/, namespace: 'public' }, ({ path }) => {
      const lines = exportsOf(resolve(folder, path)).map(
        ([name, file]) =>
          publicly(name) ??
          (stateful.includes(file) ? '' : `export { ${name} } from ${JSON.stringify(file)};`),
      );
      return {
        contents: ["import * as core from '@tensorflow/tfjs-core';", ...lines].join('\n'),
        resolveDir: folder,
      };
    });
  },
};

const copyright = readFileSync(entry, 'utf8').match(/@license\n([\s\S]*?)\s*\*\//)[1];

const generated = (name) => fileURLToPath(new URL(`../generated/${name}`, import.meta.url));

await build({
  // Paths in the comments of the bundle are relative to this: the same bundle wherever it is made.
  absWorkingDir: folder,
  entryPoints: [entry],
  outfile: generated('gradients.js'),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  banner: {
    js: `/**\n * @license\n * The gradients of @tensorflow/tfjs-core ${version}, bundled.\n *\n${copyright}\n */`,
  },
  external: ['@tensorflow/tfjs-core'],
  plugins: [throughThePublicFace],
  logLevel: 'warning',
});

writeFileSync(
  generated('gradients.d.ts'),
  '// Registers every gradient of tfjs-core: imported for that alone.\nexport {};\n',
);
