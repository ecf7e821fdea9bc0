/** What went wrong, for programs. */
export type ErrorCode =
  | 'INVALID_ARGUMENT'
  | 'INVALID_SHAPE'
  | 'INVALID_DTYPE'
  | 'NOT_FINITE'
  | 'UNKNOWN_OPTION'
  | 'INVALID_FILE'
  | 'UNAVAILABLE'
  | 'NOT_CONVERGED'
  | 'DIVERGED'
  | 'ABORTED'
  | 'EXISTS';

/** Every error that these packages throw on purpose: a sentence for people, a code for programs. */
export class UnrolledError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnrolledError';
    this.code = code;
  }
}

/** Is this an error of ours, and (where a code is given) of this kind? */
export function isUnrolledError(error: unknown, code?: ErrorCode): error is UnrolledError {
  return error instanceof UnrolledError && (code === undefined || error.code === code);
}

/** A value as an error message shows it: short, and telling −0, NaN and strings apart. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (Array.isArray(value))
    return `[${value.slice(0, 8).map(show).join(', ')}${value.length > 8 ? ', …' : ''}]`;
  if (value === null || typeof value !== 'object') return String(value);
  return value.constructor?.name ?? 'object';
}

/** Throws: argument `name` was `given`, `expected` describes what would do. */
export function refuse(
  name: string,
  given: unknown,
  expected: string,
  code: ErrorCode = 'INVALID_ARGUMENT',
): never {
  throw new UnrolledError(code, `${name}: expected ${expected}, got ${show(given)}`);
}
