import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { UnrolledError } from '@unrolled/contracts';

/** A program that answers requests, one JSON object a line. */
export interface LineProcess {
  /** Asks, and waits for the answer. One at a time. */
  ask(request: object): Promise<{ readonly [name: string]: unknown }>;
  /** Ends the program. */
  stop(): void;
}

/** What a program that failed said last, for the error message. */
const keptLines = 12;

/** Starts a program that answers requests. What it writes besides is shown where it fails. */
export function lineProcess(
  command: string,
  args: readonly string[],
  environment: { readonly [name: string]: string },
): LineProcess {
  const child = spawn(command, args, { env: { ...process.env, ...environment } });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > keptLines) said.shift();
  });
  let waiting: { resolve(line: string): void; reject(error: Error): void } | undefined;
  const failed = (reason: string): void => {
    waiting?.reject(new UnrolledError('UNAVAILABLE', `${command}: ${reason}\n${said.join('\n')}`));
    waiting = undefined;
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    waiting?.resolve(line);
    waiting = undefined;
  });
  child.on('error', (error) => failed(error.message));
  child.on('close', (code) => failed(`ended with ${code}`));
  child.stdin.on('error', () => {});
  return {
    async ask(request) {
      if (child.exitCode !== null) throw new UnrolledError('UNAVAILABLE', `${command} has ended`);
      const line = await new Promise<string>((resolve, reject) => {
        waiting = { resolve, reject };
        child.stdin.write(`${JSON.stringify(request)}\n`);
      });
      const answer = JSON.parse(line) as { readonly [name: string]: unknown };
      if (typeof answer['error'] === 'string')
        throw new UnrolledError('UNAVAILABLE', `${command}: ${answer['error']}\n${said.join('\n')}`);
      return answer;
    },
    stop: () => {
      child.removeAllListeners('close');
      child.stdin.end();
      child.kill();
    },
  };
}
