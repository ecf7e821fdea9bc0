import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** `train.ts` with the sources of all our packages as one program that Node runs. */
export async function buildTraining(name: string): Promise<string> {
  // In this package's node_modules, where it finds tfjs; a name for every test file, as these run side by side.
  const outfile = fileURLToPath(new URL(`../../node_modules/.cache/${name}.mjs`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL('train.ts', import.meta.url))],
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
