import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** A bundle for browsers of an entry of ours, all packages below it included; fails where one imports a module of Node. */
const bundle = (entry: string) =>
  build({
    entryPoints: [fileURLToPath(new URL(`../src/${entry}`, import.meta.url))],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    conditions: ['@unrolled/source'],
    external: ['@tensorflow/*', 'webgpu'],
    logLevel: 'silent',
  });

test('the main entry runs in browsers; what needs files is behind another', async () => {
  const { outputFiles } = await bundle('index.ts');
  expect(outputFiles[0]!.text).toContain('bicgstab');
  await expect(bundle('node/index.ts')).rejects.toThrow('Could not resolve "node:fs/promises"');
});
