import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCsv, ndArray, parseCsv } from '../src/index.ts';

describe('csv', () => {
  it('gives back any table of numbers, digit for digit', () => {
    const table = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 5 }))
      .chain(([columns, rows]) =>
        fc
          // −0 is written as 0.
          .array(
            fc.double().map((value) => value + 0),
            { minLength: rows * columns, maxLength: rows * columns },
          )
          .map((values) => ndArray(Float64Array.from(values), [rows, columns])),
      );
    fc.assert(
      fc.property(table, (array) => {
        const columns = Array.from({ length: array.shape[1]! }, (_, column) => `c${column}`);
        expect(parseCsv(encodeCsv(array, columns))).toEqual({ array, columns });
      }),
    );
  });

  it.each([
    ['commas', '1,2\n3,4\n'],
    ['semicolons', '1;2\n3;4'],
    ['tabs', '1\t2\n3\t4'],
    [
      'Windows line ends, a byte-order mark, empty lines, comments',
      '\uFEFF# made by hand\r\n1,2\r\n\r\n3,4\r\n',
    ],
    ['spaces, signs, exponents, quotes', ' +1 , 2e0\n"3",4.'],
  ])('reads %s', (_, text) => {
    expect(parseCsv(text)).toEqual({
      array: ndArray(Float64Array.of(1, 2, 3, 4), [2, 2]),
      columns: undefined,
    });
  });

  it('takes a first row without numbers for a header', () => {
    expect(parseCsv('"left",right\n1,2').columns).toEqual(['left', 'right']);
    expect(parseCsv('nan,inf\n-Inf,2').array.data).toEqual(
      Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2),
    );
  });

  it.each([
    ['an empty file', '\n# nothing\n', 'csv: the file has no rows'],
    ['a word', 'a,b\n1,2\n3,four\n', 'csv: line 3, column 2: expected a number, found "four"'],
    ['an empty cell', '1,2\n\n3,\n', 'csv: line 3, column 2: expected a number, found an empty cell'],
    ['a short row', '1,2,3\n4,5\n', 'csv: line 2, column 3: expected 3 cells, found 2'],
    ['a long row', '1,2\n3,4,5\n', 'csv: line 2, column 3: expected 2 cells, found 3'],
    [
      'a word among the numbers of the first row',
      '1,x\n',
      'csv: line 1, column 2: expected a number, found "x"',
    ],
    [
      'what JavaScript takes for a number',
      '1\n0x10\n',
      'csv: line 2, column 1: expected a number, found "0x10"',
    ],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseCsv(text)).toThrow(message);
  });

  it('refuses to write what is no table', () => {
    expect(() => encodeCsv(ndArray(new Float64Array(1), [1, 1, 1]))).toThrow('got [1, 1, 1]');
    expect(() => encodeCsv(ndArray(new Float64Array(2), [1, 2]), ['a'])).toThrow('expected [rows, 1]');
  });
});
