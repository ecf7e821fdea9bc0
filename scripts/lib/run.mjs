// Running other programs, several at a time, and telling how it went.
import { spawn } from 'node:child_process';

/**
 * Runs a program to its end: `{ ok, output, seconds }`, with stdout and stderr together as they came. A program that runs
 * longer than `timeout` seconds is ended.
 */
export function run(program, args, { timeout = 600, ...options } = {}) {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    const add = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', add);
    child.stderr.setEncoding('utf8').on('data', add);
    const timer = setTimeout(() => {
      add(`\nended after ${timeout} s\n`);
      child.kill('SIGKILL');
    }, timeout * 1000);
    const end = (ok) => {
      clearTimeout(timer);
      resolve({ ok, output, seconds: (performance.now() - started) / 1000 });
    };
    child.on('error', (error) => {
      add(`${error.message}\n`);
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

/** Runs jobs, `width` at a time, in order. */
export async function inParallel(jobs, width, work) {
  const waiting = [...jobs];
  const lane = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await work(job);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Prints one line for a job that ended, and what it said where it failed. */
export function report(name, { ok, output, seconds }) {
  process.stdout.write(`${ok ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)\n`);
  if (!ok) process.stdout.write(`${output.trimEnd().replace(/^/gm, '    ')}\n`);
  return ok;
}
