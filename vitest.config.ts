import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// Tests read the sources of every package through the `@unrolled/source` condition: no build between an edit and a test.
const conditions = ['@unrolled/source', 'node', 'import', 'module', 'default'];
const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(parent).map((name) => `${parent}/${name}`),
);

// The test files of a package run one after another in the same process, which costs a second less for every file than one each. In
// these they do not: they mock modules, or change the process in other ways that the next file would see.
const isolated = ['backend', 'bench', 'cli', 'experiments', 'workspace'];

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    projects: [...folders.filter((folder) => existsSync(`${folder}/test`)), '.'].map((root) => {
      const name = root === '.' ? 'workspace' : root.split('/')[1]!;
      return {
        extends: true,
        test: {
          name,
          root,
          include: ['test/**/*.test.ts'],
          isolate: isolated.includes(name),
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      };
    }),
    // Two cores: a test file's wasm backend keeps one busy.
    maxWorkers: 2,
  },
});
