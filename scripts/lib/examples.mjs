// The examples of the READMEs: every ```ts block is a complete program.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folders, root } from './workspace.mjs';

/** The READMEs that promise something: the root's, every package's and every app's that has one. */
export const readmes = ['.', ...folders]
  .filter((folder) => readdirSync(join(root, folder)).includes('README.md'))
  .map((folder) => join(folder, 'README.md'));

/**
 * The ```ts blocks of a README: `{ readme, line, code }`, `line` that of the first line of code. The code is preceded by
 * empty lines, so that the compiler's line numbers are those of the README.
 */
export function examplesOf(readme) {
  const lines = readFileSync(join(root, readme), 'utf8').split('\n');
  const found = [];
  let start = -1;
  for (const [index, line] of lines.entries()) {
    if (start < 0 && /^```ts\s*$/.test(line)) start = index + 1;
    else if (start >= 0 && line.startsWith('```')) {
      const code = lines.slice(start, index).join('\n');
      found.push({ readme, line: start + 1, code: `${'\n'.repeat(start)}${code}\n` });
      start = -1;
    }
  }
  if (start >= 0) throw new Error(`${readme}:${start}: a \`\`\`ts block that does not end`);
  return found;
}
