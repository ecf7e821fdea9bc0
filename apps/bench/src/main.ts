#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { useBackend } from '@unrolled/backend';
import { isUnrolledError, refuse } from '@unrolled/contracts';
import { type Case, type CaseResult, runCase } from './benchmark.ts';
import { encoderCase } from './cases/encoder.ts';
import { gradientCase } from './cases/gradient.ts';
import { matMulCase } from './cases/mat-mul.ts';

const cases: readonly Case[] = [matMulCase, encoderCase, gradientCase];

const help = `bench [CASE…] [--json FILE]

${cases.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

Variants of a case run in turns in one process; look at ratios. "error" is the distance to the reference variant.`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(help);
  const names = cases.map(({ name }) => name);
  for (const name of positionals)
    if (!names.includes(name)) refuse('CASE', name, `one of ${names.join(', ')}`);
  const chosen = positionals.length === 0 ? cases : cases.filter(({ name }) => positionals.includes(name));
  const backend = await useBackend('auto');
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    backend: backend.name,
  };
  const results: CaseResult[] = [];
  for (const each of chosen) {
    const result = await runCase(each);
    results.push(result);
    console.log(`\n${each.name}: ${each.about}`);
    const first = result.variants[0]!.seconds;
    for (const { name, seconds, runs, error } of result.variants) {
      const ratio = (seconds / first).toFixed(2);
      console.log(
        `  ${name.padEnd(14)} ${(seconds * 1000).toFixed(1).padStart(9)} ms  × ${ratio.padStart(6)}  error ${error.toExponential(1)}  (${runs} runs)`,
      );
    }
  }
  if (values.json !== undefined)
    await writeFile(resolve(values.json), `${JSON.stringify({ machine, cases: results }, null, 2)}\n`);
}

main().catch((error: unknown) => {
  console.error(isUnrolledError(error) ? error.message : error);
  process.exitCode = isUnrolledError(error) ? 2 : 1;
});
