import { type ErrorCode, isUnrolledError } from '@unrolled/contracts';

/** What `unrolled` tells the shell. */
export const ExitCode = Object.freeze({
  /** It did what was asked. */
  ok: 0,
  /** It started and could not finish: a disk that is full, a backend that is not here, a bug. */
  failure: 1,
  /** What was asked cannot be done: an unknown option, a file that is no recording. Nothing was written. */
  badInput: 2,
  /** Ctrl-C: 128 + SIGINT, as shells have it. Nothing was left half-written. */
  interrupted: 130,
  /** `kill`: 128 + SIGTERM. */
  terminated: 143,
});

const codeOfError: Readonly<Record<ErrorCode, number>> = {
  INVALID_ARGUMENT: ExitCode.badInput,
  INVALID_SHAPE: ExitCode.badInput,
  INVALID_DTYPE: ExitCode.badInput,
  INVALID_FILE: ExitCode.badInput,
  NOT_FINITE: ExitCode.badInput,
  UNKNOWN_OPTION: ExitCode.badInput,
  EXISTS: ExitCode.badInput,
  UNAVAILABLE: ExitCode.failure,
  NOT_CONVERGED: ExitCode.failure,
  DIVERGED: ExitCode.failure,
  ABORTED: ExitCode.interrupted,
};

/** The exit code of a command that ended with this error. */
export function exitCodeOf(error: unknown): number {
  return isUnrolledError(error) ? codeOfError[error.code] : ExitCode.failure;
}

/**
 * The error as the user reads it: one sentence for what we refuse on purpose and for what the operating system
 * refuses, the whole stack for what should not have happened.
 */
export function describeError(error: unknown): string {
  if (isUnrolledError(error)) return `error: ${error.message}`;
  if (error instanceof Error && 'syscall' in error) return `error: ${error.message}`;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `error: this should not have happened; please report it with the lines below\n${trace}`;
}
