import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Everything that a source file loads before its first line runs; `import type` and `import()` load nothing. */
function staticImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, specifier] of source.matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from '([^']+)';/gm)) {
    if (specifier!.startsWith('.')) staticImports(fileURLToPath(new URL(specifier!, `file://${file}`)), seen);
    else seen.add(specifier!);
  }
  return seen;
}

it('help loads commander and no engine', () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const packages = [...staticImports(main)].filter(
    (name) => !name.startsWith('/') && !name.startsWith('node:'),
  );
  expect(packages.sort()).toEqual(['@unrolled/contracts', 'commander']);
});
