import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { mayImport, type PackageFacts, placed, violations } from './floors.ts';

const root = join(import.meta.dirname, '..');
const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
);

function read(folder: string): PackageFacts {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const src = join(folder, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.[mc]?tsx?$/.test(file),
  );
  const peers = Object.keys(manifest.peerDependencies ?? {});
  return {
    name: manifest.name.replace('@unrolled/', ''),
    app: folder.includes(`${join(root, 'apps')}`),
    declared: [...Object.keys(manifest.dependencies ?? {}), ...peers],
    peers,
    imports: files.flatMap((file) =>
      // TypeScript's own scanner: import, export from, import(), types, and nothing of what a comment says.
      ts
        .preProcessFile(readFileSync(join(src, file), 'utf8'), true, true)
        .importedFiles.map(({ fileName }) => [relative(src, join(src, file)), fileName] as const),
    ),
  };
}

const made = (facts: Partial<PackageFacts> & { name: string }): PackageFacts => ({
  app: false,
  declared: [],
  peers: [],
  imports: [],
  ...facts,
});

describe('the floors', () => {
  it('hold: no package imports upwards or sideways', () => {
    const packages = folders.map(read);
    expect(packages.length).toBeGreaterThan(10);
    // Every package imports something by now: an empty list would be a broken reader.
    expect(packages.filter(({ imports }) => imports.length === 0)).toEqual([]);
    expect(violations(packages)).toEqual([]);
  });

  it('are the order of the build: every package refers to the projects that it depends on', () => {
    for (const folder of folders) {
      const { references = [] } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile).config;
      const built = references.map(({ path }: { path: string }) => basename(path));
      const needed = read(folder).declared.filter((name) => name.startsWith('@unrolled/'));
      expect([relative(root, folder), built.sort()]).toEqual([
        relative(root, folder),
        needed.map((name) => name.slice('@unrolled/'.length)).sort(),
      ]);
    }
  });

  it('have a place in CONTRIBUTING.md for every package', () => {
    const table = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    for (const name of placed) expect(table).toMatch(new RegExp(`\\| [^|]*\\b${name}\\b`));
  });

  it('know who may import whom', () => {
    expect(mayImport('solvers', 'prox')).toBe(true);
    expect(mayImport('prox', 'solvers')).toBe(false);
    expect(mayImport('prox', 'operators')).toBe(false);
    expect(mayImport('contracts', 'formats')).toBe(false);
    expect(mayImport('unroll', 'formats')).toBe(true);
    expect(mayImport('unroll', 'data')).toBe(false);
    expect(mayImport('spikes', 'data')).toBe(true);
    expect(mayImport('metrics', 'plots')).toBe(false);
    expect(mayImport('cli', 'experiments')).toBe(false);
    expect(mayImport('spikes', 'testkit')).toBe(false);
    expect(mayImport('prox', 'prox')).toBe(false);
    expect(mayImport('prox', 'nothing')).toBe(false);
  });

  it.each([
    [
      'an import that goes up',
      made({ name: 'prox', declared: ['@unrolled/solvers'], imports: [['l1.ts', '@unrolled/solvers']] }),
      [
        'prox/package.json depends on @unrolled/solvers, which is not below it',
        'prox/src/l1.ts imports @unrolled/solvers, which is not below it',
      ],
    ],
    [
      'an import that goes sideways',
      made({ name: 'operators', declared: ['@unrolled/prox'], imports: [['dense.ts', '@unrolled/prox']] }),
      [
        'operators/package.json depends on @unrolled/prox, which is not below it',
        'operators/src/dense.ts imports @unrolled/prox, which is not below it',
      ],
    ],
    [
      'the test kit in a source',
      made({ name: 'prox', declared: ['@unrolled/testkit'] }),
      ['prox/package.json depends on @unrolled/testkit, which is not below it'],
    ],
    [
      'an import that nobody declared',
      made({
        name: 'prox',
        imports: [
          ['l1.ts', '@unrolled/contracts'],
          ['l1.ts', 'left-pad'],
        ],
      }),
      [
        'prox/src/l1.ts imports @unrolled/contracts, which its package.json does not declare',
        'prox/src/l1.ts imports left-pad, which its package.json does not declare',
      ],
    ],
    [
      'a relative path into another package',
      made({
        name: 'solvers',
        imports: [
          ['ista/step.ts', '../../../prox/src/l1.ts'],
          ['ista/step.ts', '../a.ts'],
        ],
      }),
      ['solvers/src/ista/step.ts imports ../../../prox/src/l1.ts, which is outside src'],
    ],
    [
      'a private file of another package',
      made({
        name: 'solvers',
        declared: ['@unrolled/prox'],
        imports: [['ista.ts', '@unrolled/prox/src/l1.ts']],
      }),
      ["solvers/src/ista.ts imports @unrolled/prox/src/l1.ts, which is not a package's public face"],
    ],
    [
      'what needs Node in a package that runs in browsers',
      made({
        name: 'spikes',
        declared: ['@unrolled/parallel'],
        imports: [['sort.ts', '@unrolled/parallel/node']],
      }),
      ["spikes/src/sort.ts imports @unrolled/parallel/node, which is not a package's public face"],
    ],
    [
      'one of ours as a peer',
      made({ name: 'prox', declared: ['@unrolled/contracts'], peers: ['@unrolled/contracts'] }),
      [
        'prox/package.json has @unrolled/contracts as a peer: our packages depend on each other by dependencies',
      ],
    ],
    [
      'a package without a floor',
      made({ name: 'attic' }),
      ['attic has no floor: give it one in CONTRIBUTING.md and test/floors.ts'],
    ],
  ])('refuse %s', (_what, facts, sentences) => {
    expect(violations([facts])).toEqual(sentences);
  });
});
