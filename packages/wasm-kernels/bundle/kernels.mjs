// Compiles `assembly/` into one module a variant (which memory, which instructions), and writes all of them into one file that
// any bundler takes: `generated/kernels.js`, and the types of what they export.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const folder = fileURLToPath(new URL('..', import.meta.url));

const always = [
  'assembly/index.ts',
  // No allocator, no statics, no `abort` to import: the memory is tfjs's, and every byte of it is somebody's.
  ...['--runtime', 'stub', '--importMemory', '--noAssert', '--use', 'abort=', '--enable', 'simd'],
  ...['-O3', '--converge', '--bindings', 'raw', '--outFile', 'kernels.wasm'],
];
const relaxed = ['--enable', 'relaxed-simd'];
// What tfjs declares of the memory of its threaded build: a shared memory's limit is part of its type.
const shared = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'];

const variants = {
  plain: [],
  relaxed,
  shared,
  sharedRelaxed: [...shared, ...relaxed],
};

/** Compiles one variant: what it is made of, by file name. */
async function compile(flags) {
  const files = {};
  const { error, stderr } = await main([...always, ...flags, '--baseDir', folder], {
    writeFile: (name, contents) => {
      files[name] = contents;
    },
  });
  if (error) throw new Error(`${error.message}\n${stderr}`);
  requireNoStatics(files['kernels.wasm']);
  return files;
}

/** A data segment would be written over tensors of tfjs: neither that nor a start function may be in a module. */
function requireNoStatics(bytes) {
  const [startSection, dataSection] = [8, 11];
  for (let at = 8; at < bytes.length; ) {
    const section = bytes[at++];
    let size = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = bytes[at++];
      size |= (byte & 127) << shift;
      more = byte > 127;
    }
    if (section === startSection || section === dataSection)
      throw new Error(`the kernels have ${section === dataSection ? 'static data' : 'a start function'}`);
    at += size;
  }
}

const compiled = await Promise.all(
  Object.entries(variants).map(async ([name, flags]) => [name, await compile(flags)]),
);

const declared = compiled[0][1]['kernels.d.ts'].match(
  /declare namespace __AdaptedExports \{([\s\S]*?)\n\}/,
)[1];
const methods = declared
  .replaceAll(/\n\s*\/\*\* Exported memory \*\/\n.*/g, '')
  .replaceAll('export function ', '')
  .replaceAll(/^ {2}(?=\S)/gm, '  ');

const generated = (name) => fileURLToPath(new URL(`../generated/${name}`, import.meta.url));
mkdirSync(generated(''), { recursive: true });
writeFileSync(
  generated('kernels.d.ts'),
  `/** The builds of the kernels: which memory they share, and which instructions they may use. */
export type Variant = ${Object.keys(variants)
    .map((name) => `'${name}'`)
    .join(' | ')};

/** What every build exports; see \`assembly/\`. */
export interface Kernels {${methods}
}

/** The modules, in base64. */
export declare const modules: { readonly [variant in Variant]: string };
`,
);
const lines = compiled.map(
  ([name, files]) => `  ${name}: '${Buffer.from(files['kernels.wasm']).toString('base64')}',`,
);
writeFileSync(generated('kernels.js'), `export const modules = {\n${lines.join('\n')}\n};\n`);
