import { UnrolledError } from '@unrolled/contracts';

/** Refuses an entry for which `holds` is false: says which, and what it was. */
export function requireEntries(
  name: string,
  values: ArrayLike<number>,
  holds: (value: number) => boolean,
  expected: string,
): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!holds(value)) {
      throw new UnrolledError(
        Number.isFinite(value) ? 'INVALID_ARGUMENT' : 'NOT_FINITE',
        `${name}: expected ${expected}, got ${value} at index ${index}`,
      );
    }
  }
}

/** Refuses what is no count: negative, not whole, or above `most`. */
export function requireCounts(name: string, values: ArrayLike<number>, most = Number.MAX_SAFE_INTEGER): void {
  const bounded = most < Number.MAX_SAFE_INTEGER;
  requireEntries(
    name,
    values,
    (value) => Number.isInteger(value) && value >= 0 && value <= most,
    bounded ? `counts, whole numbers from 0 to ${most}` : 'counts, whole numbers ≥ 0',
  );
}
