import { UnrolledError } from '@unrolled/contracts';
import { type NdArray, requireWhole } from './nd-array.ts';

/** A table of numbers. */
export interface CsvTable {
  /** float64 `[rows, columns]`. */
  readonly array: NdArray<'float64'>;
  /** The names in the header row; undefined where there is none. */
  readonly columns: readonly string[] | undefined;
}

const numeric = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const special: { readonly [text: string]: number } = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
};

/**
 * Reads a table of numbers. A first row without any number is a header row; empty lines and lines that start with `#` are
 * skipped. Cells are parted by the first of tab, semicolon and comma that the first row has.
 *
 * @throws INVALID_FILE, with line and column (both counted from 1), for a cell that is no number and a row of another length
 * @example parseCsv('left,right\n1,2\n3,4').array.shape // [2, 2]
 */
export function parseCsv(text: string): CsvTable {
  const rows = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'));
  const first = rows[0];
  if (first === undefined) throw new UnrolledError('INVALID_FILE', 'csv: the file has no rows');
  const separator = ['\t', ';', ','].find((candidate) => first.line.includes(candidate)) ?? ',';
  const cellsOf = (line: string): string[] => line.split(separator).map(unquote);

  const names = cellsOf(first.line);
  const hasHeader = !names.some((cell) => toNumber(cell) !== undefined);
  const body = hasHeader ? rows.slice(1) : rows;
  const data = new Float64Array(body.length * names.length);
  let at = 0;
  for (const { line, number } of body) {
    const cells = cellsOf(line);
    if (cells.length !== names.length) {
      fail(number, Math.min(cells.length, names.length) + 1, `${names.length} cells`, `${cells.length}`);
    }
    cells.forEach((cell, column) => {
      data[at++] =
        toNumber(cell) ?? fail(number, column + 1, 'a number', cell === '' ? 'an empty cell' : `"${cell}"`);
    });
  }
  const array = Object.freeze({
    data,
    shape: Object.freeze([body.length, names.length]),
    dtype: 'float64' as const,
  });
  return Object.freeze({ array, columns: hasHeader ? Object.freeze(names) : undefined });
}

/**
 * Writes a table of numbers, each with as many digits as tell it apart.
 *
 * @param array `[rows]` or `[rows, columns]`
 * @param columns names for a header row; default: no header row
 */
export function encodeCsv(array: NdArray, columns?: readonly string[]): string {
  requireWhole('array', array);
  const width = array.shape[1] ?? 1;
  if (array.shape.length < 1 || array.shape.length > 2 || (columns && columns.length !== width)) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `array: expected [rows, ${columns?.length ?? 'columns'}], got [${array.shape.join(', ')}]`,
    );
  }
  const lines = Array.from({ length: array.shape[0]! }, (_, row) =>
    array.data.slice(row * width, (row + 1) * width).join(','),
  );
  if (columns) lines.unshift(columns.join(','));
  return lines.map((line) => `${line}\n`).join('');
}

function toNumber(cell: string): number | undefined {
  return numeric.test(cell) ? Number(cell) : special[cell.toLowerCase()];
}

function unquote(cell: string): string {
  const trimmed = cell.trim();
  return /^"[^"]*"$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

function fail(line: number, column: number, expected: string, found: string): never {
  throw new UnrolledError(
    'INVALID_FILE',
    `csv: line ${line}, column ${column}: expected ${expected}, found ${found}`,
  );
}
