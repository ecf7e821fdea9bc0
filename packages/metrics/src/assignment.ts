import { linearSumAssignment } from 'linear-sum-assignment';

/**
 * The one-to-one assignment of rows to columns with the largest total score (Jonker–Volgenant), for any number of either.
 *
 * @returns the column of every row; −1 for a row that is left over
 */
export function assign(scores: readonly ArrayLike<number>[]): Int32Array {
  if (scores.length === 0 || scores[0]!.length === 0) return new Int32Array(scores.length).fill(-1);
  const { rowAssignments } = linearSumAssignment(
    scores.map((row) => Array.from(row)),
    { maximaze: true },
  );
  return Int32Array.from(rowAssignments);
}
