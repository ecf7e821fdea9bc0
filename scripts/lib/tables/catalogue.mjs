// What a package exports, with what its docstrings say of it: the words and formulas of the tables are those of the code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';

/**
 * The factories of a package in the order of its index: `{ name, file, summary, formulas, activation }`. A docstring without a summary or
 * a formula is an error: a row would be empty.
 */
export function factoriesOf(name) {
  const source = join('packages', name, 'src');
  const index = readFileSync(join(root, source, 'index.ts'), 'utf8');
  const found = [];
  for (const [, names, path] of index.matchAll(/^export \{([^}]*)\} from '\.\/(.*)';$/gm)) {
    const file = join(source, path);
    for (const one of names.split(',').map((part) => part.trim())) {
      // Types have no row.
      if (one === '' || one.startsWith('type ')) continue;
      found.push({ name: one, file, ...docstringOf(file, one) });
    }
  }
  return found;
}

function docstringOf(file, name) {
  const source = readFileSync(join(root, file), 'utf8');
  const [before] = source.split(new RegExp(`^export function ${name}\\b`, 'm'));
  const comment = before === source ? '' : before.slice(before.lastIndexOf('/**'));
  const lines = comment.split('\n').map((line) => line.replace(/^ ?\/?\*+\/? ?/, ''));
  const tag = lines.findIndex((line) => line.startsWith('@'));
  const text = lines.slice(0, tag < 0 ? undefined : tag);
  // A line of formulas that stand beside each other has three spaces or more between them.
  const formulas = text
    .filter((line) => /^ {4}\S/.test(line))
    .flatMap((line) => line.trim().split(/,? {3,}/))
    .map((formula) => formula.replaceAll(/ {2,}/g, ' '));
  const prose = text.filter((line) => !line.startsWith('    ')).join('\n');
  const [first = ''] = prose.trim().split('\n\n');
  // Where a formula follows, the paragraph has no end of its own.
  const summary = first
    .replaceAll('\n', ' ')
    .trim()
    .replace(/[:,]?$/, (end) => (/[.]$/.test(first.trim()) ? end : '.'));
  if (summary === '') throw new Error(`${file}: ${name} has no summary for its table`);
  const [, activation] = /As an activation: ([^.;]*)/.exec(prose.replaceAll('\n', ' ')) ?? [];
  return { summary, formulas, activation };
}

/** The formulas of a row, in a cell of a table. */
export const formulaCell = (formulas) =>
  formulas.map((formula) => `\`${formula.replaceAll('|', '\\|')}\``).join('<br>');

/** Words in a cell: links of docstrings become names. */
export const proseCell = (text) => text.replaceAll(/\{@link (\w+)\}/g, '`$1`').replaceAll('|', '\\|');

/** A link from a page of `docs/` to a file. */
export const linkTo = (name, file) => `[\`${name}\`](../${file.replaceAll('\\', '/')})`;
