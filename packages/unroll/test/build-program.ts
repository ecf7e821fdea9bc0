import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A file of this folder with the sources of all our packages as one program that Node runs. */
export async function buildProgram(file: string): Promise<string> {
  // Beside this package's node_modules, where it finds tfjs.
  const outfile = fileURLToPath(
    new URL(`../node_modules/.cache/${file.replace(/\.ts$/, '.mjs')}`, import.meta.url),
  );
  await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@unrolled/source'],
    external: ['@tensorflow/*', 'webgpu'],
    logLevel: 'error',
  });
  return outfile;
}
