#!/usr/bin/env node
import { ExitCode } from './exit-codes.ts';
import { run } from './run.ts';

// Ending the process runs the exit handlers, and those remove whatever is half-written.
process.on('SIGINT', () => process.exit(ExitCode.interrupted));
process.on('SIGTERM', () => process.exit(ExitCode.terminated));
// `unrolled … | head` closes our stdout: there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? ExitCode.ok : ExitCode.failure);
});

process.exitCode = await run(process.argv.slice(2));
