import type { Tensor } from '@tensorflow/tfjs-core';
import { addressOf, emptyOnHeap, withScratch } from '../memory/heap.ts';
import { kernels } from '../module/kernels.ts';

/**
 * The product op(a) · op(b) of two matrices, or of stacks of as many; op exchanges the last two axes where asked, at no cost. A row of
 * the product has the same bits whatever other rows there are.
 *
 * @param a `[…, m, k]`, or `[…, k, m]` where `transposeA`; a stack of one, or of as many as b
 * @param b `[…, k, n]`, or `[…, n, k]` where `transposeB`; likewise
 * @param outer the leading axes of the result
 * @returns `[...outer, m, n]`, a fresh tensor; undefined where this engine cannot run the kernels
 * @throws RangeError for shapes that do not fit
 */
export function matMul(
  a: Tensor,
  b: Tensor,
  outer: readonly number[],
  transposeA = false,
  transposeB = false,
): Tensor | undefined {
  const left = factor('a', a, transposeA);
  const right = factor('b', b, transposeB);
  const count = outer.reduce((product, size) => product * size, 1);
  const stacks = (one: Factor): boolean => one.count === 1 || one.count === count;
  if (left.columns !== right.rows || !stacks(left) || !stacks(right))
    throw new RangeError(
      `expected […, m, k] and […, k, n] in stacks of ${count}, got [${a.shape}] and [${b.shape}]`,
    );
  const compiled = kernels();
  if (!compiled) return undefined;
  const [rows, columns, terms] = [left.rows, right.columns, left.columns];
  const out = emptyOnHeap([...outer, rows, columns]);
  withScratch(compiled.matMulScratch(columns, terms), (scratch) => {
    for (let index = 0; index < count; index++) {
      compiled.matMul(
        addressOf(a) + (left.count === 1 ? 0 : 4 * index * rows * terms),
        addressOf(b) + (right.count === 1 ? 0 : 4 * index * terms * columns),
        addressOf(out) + 4 * index * rows * columns,
        rows,
        columns,
        terms,
        left.rowStep,
        left.columnStep,
        right.rowStep,
        right.columnStep,
        scratch,
      );
    }
  });
  return out;
}

/** A factor as it enters the product, and how far apart its rows and columns lie in memory. */
interface Factor {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

function factor(name: string, { shape, dtype, size }: Tensor, transposed: boolean): Factor {
  const [height, width] = shape.slice(-2) as [number, number];
  if (shape.length < 2 || dtype !== 'float32' || size === 0)
    throw new RangeError(
      `${name}: expected a float32 tensor of two axes or more, none of them 0, got ${dtype} [${shape}]`,
    );
  const count = size / (height * width);
  return transposed
    ? { count, rows: width, columns: height, rowStep: 1, columnStep: width }
    : { count, rows: height, columns: width, rowStep: width, columnStep: 1 };
}
