import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('any tfjs model trains on wasm where this package is imported', async () => {
  // A program of its own, in which nothing of tfjs was loaded before. Beside this package, where it finds tfjs.
  const program = fileURLToPath(new URL('../node_modules/.cache/train.mjs', import.meta.url));
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL('programs/train.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@unrolled/source'],
    external: ['@tensorflow/*'],
    metafile: true,
    logLevel: 'error',
  });
  // Of ours it holds this package and nothing else.
  const packages = Object.keys(metafile.inputs).filter(
    (path) => !/(^|wasm-kernels\/)(src|test|generated)\//.test(path),
  );
  expect(packages).toEqual([]);
  const output = execFileSync(process.execPath, [program], { encoding: 'utf8' });
  const { losses, leaked } = JSON.parse(output.trim().split('\n').at(-1)!) as {
    losses: number[];
    leaked: number;
  };
  // From the entropy of three classes, ln 3 = 1.1, to one that has learned them.
  expect(losses[0]).toBeGreaterThan(0.8);
  expect(losses.at(-1)).toBeLessThan(0.1);
  expect(leaked).toBe(0);
});
