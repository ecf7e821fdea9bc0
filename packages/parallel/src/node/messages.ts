import { type ErrorCode, UnrolledError } from '@unrolled/contracts';

/** An item on its way to a worker. */
export interface Request {
  /** Number of the started task. */
  readonly id: number;
  /** Numbers of the tasks that are still wanted: what a worker holds of others it frees. */
  readonly wanted: readonly number[];
  /** What starts the task; left out at first, as most workers have it. */
  readonly start?: { readonly module: string; readonly name: string; readonly setup: unknown };
  readonly item: unknown;
  /** Buffers in the item that were handed over. */
  readonly transfer: readonly ArrayBuffer[];
}

/** What comes back: a result, an error, or the item, from a worker that has not been told of the task yet. */
export type Reply =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: PlainError }
  | { readonly kind: 'untold'; readonly item: unknown; readonly transfer: readonly ArrayBuffer[] };

/** An error as data: a structured clone of an error loses its class and its code. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: unknown;
  readonly cause: PlainError | undefined;
}

/** Causes that are carried along. */
const DEPTH = 4;

/** Takes down what was thrown. */
export function plainError(thrown: unknown, depth = DEPTH): PlainError {
  if (!(thrown instanceof Error)) {
    return { name: 'Error', message: String(thrown), stack: undefined, code: undefined, cause: undefined };
  }
  const { name, message, stack, cause } = thrown;
  const code: unknown = 'code' in thrown ? thrown.code : undefined;
  const isPlain = typeof code === 'string' || typeof code === 'number';
  return {
    name,
    message,
    stack,
    code: isPlain ? code : undefined,
    cause: cause === undefined || depth === 0 ? undefined : plainError(cause, depth - 1),
  };
}

/** The error again: an `UnrolledError` is one, others keep name, message and code. The stack is that of the worker. */
export function revivedError({ name, message, stack, code, cause }: PlainError): Error {
  const options = cause === undefined ? undefined : { cause: revivedError(cause) };
  // The class may be another copy's over there: its name and a code are what it is known by.
  const error =
    name === 'UnrolledError'
      ? new UnrolledError(code as ErrorCode, message, options)
      : Object.assign(new Error(message, options), { name, ...(code !== undefined && { code }) });
  if (stack !== undefined) error.stack = stack;
  return error;
}
