import { CommanderError } from 'commander';
import { describeError, ExitCode, exitCodeOf } from './exit-codes.ts';
import { createProgram } from './program.ts';

/** Runs `unrolled` with these arguments and gives the exit code. What goes wrong is told on stderr. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return ExitCode.ok;
  } catch (error) {
    // Help and version end this way too, with exit code 0; commander has printed what there was to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.badInput;
    process.stderr.write(`${describeError(error)}\n`);
    return exitCodeOf(error);
  }
}
