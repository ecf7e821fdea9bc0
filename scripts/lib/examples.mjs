// The examples of the READMEs and the guides: every ```ts block is a complete program.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folders, root } from './workspace.mjs';

/** The READMEs that promise something: the root's, every package's and every app's that has one. */
const readmes = ['.', ...folders]
  .filter((folder) => readdirSync(join(root, folder)).includes('README.md'))
  .map((folder) => join(folder, 'README.md'));

/** The pages of docs/, which may have examples. */
const pages = readdirSync(join(root, 'docs'), { recursive: true })
  .filter((path) => path.endsWith('.md'))
  .map((path) => join('docs', path));

/** All that may have examples. */
export const documents = [...readmes, ...pages];

/**
 * The ```ts blocks of a document: `{ path, line, code }`, `line` that of the first line of code. The code is preceded by
 * empty lines, so that the compiler's line numbers are those of the document.
 */
export function examplesOf(path) {
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  const found = [];
  let start = -1;
  for (const [index, line] of lines.entries()) {
    if (start < 0 && /^```ts\s*$/.test(line)) start = index + 1;
    else if (start >= 0 && line.startsWith('```')) {
      const code = lines.slice(start, index).join('\n');
      found.push({ path, line: start + 1, code: `${'\n'.repeat(start)}${code}\n` });
      start = -1;
    }
  }
  if (start >= 0) throw new Error(`${path}:${start}: a \`\`\`ts block that does not end`);
  return found;
}
