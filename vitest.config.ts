import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// Tests read the sources of every package through the `@unrolled/source` condition: no build between an edit and a test.
const conditions = ['@unrolled/source', 'node', 'import', 'module', 'default'];
const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(parent).map((name) => `${parent}/${name}`),
);

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    projects: [...folders.filter((folder) => existsSync(`${folder}/test`)), '.'].map((root) => ({
      extends: true,
      test: {
        name: root === '.' ? 'workspace' : root.split('/')[1]!,
        root,
        include: ['test/**/*.test.ts'],
        testTimeout: 60_000,
        hookTimeout: 60_000,
      },
    })),
    // Two cores: a test file's wasm backend keeps one busy.
    maxWorkers: 2,
  },
});
