import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** A bundle for browsers of an entry of ours; fails where something in it imports a module of Node. */
const bundle = (entry: string) =>
  build({
    entryPoints: [fileURLToPath(new URL(`../src/${entry}`, import.meta.url))],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    conditions: ['@unrolled/source'],
    logLevel: 'silent',
  });

test('the main entry runs in browsers; worker threads are behind another', async () => {
  const { outputFiles } = await bundle('index.ts');
  expect(outputFiles[0]!.text).toContain('inProcess');
  await expect(bundle('node/index.ts')).rejects.toThrow('Could not resolve "node:');
});
