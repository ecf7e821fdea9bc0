/** What one package of the workspace says and does: its name without the scope, what it declares, what its sources import. */
export interface PackageFacts {
  readonly name: string;
  readonly app: boolean;
  /** Names in `dependencies` and `peerDependencies`. */
  readonly declared: readonly string[];
  /** Names in `peerDependencies` alone. */
  readonly peers: readonly string[];
  /** Every module that a source file imports, types too: `[file relative to src, specifier]`. */
  readonly imports: readonly (readonly [string, string])[];
}

/** The floors of CONTRIBUTING.md, from the bottom. A package imports from floors below its own. */
const floors: readonly (readonly string[])[] = [
  ['contracts'],
  ['wasm-kernels'],
  ['backend'],
  ['operators', 'prox', 'likelihoods'],
  ['solvers'],
  ['unroll', 'dictionary-learning'],
  ['lista', 'lsalsa', 'crsae', 'dcea', 'pudle', 'kds', 'deep-sparse'],
  ['images'],
  ['spikes', 'denoising'],
  ['cli', 'experiments', 'bench'],
];

/** Packages beside the floors: what they may import, and who may import them. */
const beside: {
  readonly [name: string]: { readonly imports: readonly string[]; readonly by: readonly string[] };
} = {
  formats: { imports: ['contracts'], by: ['data', ...floors.slice(1).flat()] },
  metrics: { imports: ['contracts'], by: ['data', ...floors.slice(1).flat()] },
  plots: { imports: ['contracts'], by: floors.slice(1).flat() },
  data: { imports: ['contracts', 'formats', 'metrics'], by: floors.slice(-2).flat() },
  parallel: { imports: ['contracts'], by: floors.slice(-2).flat() },
  testkit: { imports: ['contracts', 'backend'], by: [] },
};

/** All packages that have a place. */
export const placed: readonly string[] = [...floors.flat(), ...Object.keys(beside)];

/** May sources of `from` import `to`? */
export function mayImport(from: string, to: string): boolean {
  const side = beside[from];
  if (side) return side.imports.includes(to);
  if (beside[to]) return beside[to].by.includes(from);
  const [own, other] = [from, to].map((name) => floors.findIndex((floor) => floor.includes(name)));
  return own !== undefined && other !== undefined && other >= 0 && other < own;
}

const scope = '@unrolled/';

/** Sentences that say which rule is broken where; none in a house that stands. */
export function violations(packages: readonly PackageFacts[]): string[] {
  const found: string[] = [];
  for (const { name, app, declared, peers, imports } of packages) {
    if (!placed.includes(name))
      found.push(`${name} has no floor: give it one in CONTRIBUTING.md and test/floors.ts`);
    for (const dependency of declared.filter((one) => one.startsWith(scope))) {
      if (!mayImport(name, dependency.slice(scope.length))) {
        found.push(`${name}/package.json depends on ${dependency}, which is not below it`);
      }
    }
    for (const peer of peers.filter((one) => one.startsWith(scope))) {
      found.push(
        `${name}/package.json has ${peer} as a peer: our packages depend on each other by dependencies`,
      );
    }
    for (const [file, specifier] of imports) {
      const where = `${name}/src/${file} imports ${specifier}`;
      if (specifier.startsWith('.')) {
        if (leavesSources(file, specifier)) found.push(`${where}, which is outside src`);
        continue;
      }
      if (specifier.startsWith('node:') || specifier.startsWith('#')) continue;
      const parts = specifier.split('/');
      const module = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
      if (module.startsWith(scope)) {
        const to = module.slice(scope.length);
        if (!mayImport(name, to)) found.push(`${where}, which is not below it`);
        // What needs Node has an entry of its own, for programs: packages run in browsers too.
        const isFace = specifier === module || (app && specifier === `${module}/node`);
        if (!isFace) found.push(`${where}, which is not a package's public face`);
      }
      if (!declared.includes(module)) found.push(`${where}, which its package.json does not declare`);
    }
    if (!app && imports.some(([, specifier]) => specifier === 'vitest'))
      found.push(`${name}/src imports vitest`);
  }
  return found;
}

function leavesSources(file: string, specifier: string): boolean {
  let depth = file.split('/').length - 1;
  for (const part of specifier.split('/')) {
    if (part === '..') depth--;
    if (depth < 0) return true;
  }
  return false;
}
