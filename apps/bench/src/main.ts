#!/usr/bin/env node
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useBackend } from '@unrolled/backend';
import { isUnrolledError } from '@unrolled/contracts';
import type { CaseResult } from './benchmark.ts';
import { cases } from './cases/index.ts';
import { describeMachine } from './machine.ts';
import { benchOptions, helpText } from './options.ts';
import { pythonPeers } from './peers/python.ts';
import { consoleReport } from './report/console.ts';
import { benchJson } from './report/json.ts';
import { writePage } from './report/write-page.ts';
import { runCase } from './run-case.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

async function main(): Promise<void> {
  const options = benchOptions(process.argv.slice(2), cases, root);
  if (options.help) return console.log(helpText(cases));
  const machine = describeMachine(await useBackend('wasm'), loadavg()[0]!);
  const folder = await mkdtemp(join(tmpdir(), 'unrolled-bench-'));
  const python = pythonPeers(options.peers.python);
  const results: CaseResult[] = [];
  try {
    for (const one of options.cases) {
      const result = await runCase(one, {
        size: options.size,
        peers: options.peers,
        python: python.process,
        folder,
        log: (line) => console.error(line),
      });
      results.push(result);
      console.log(consoleReport(one, result));
      // After each case: a run that is stopped keeps what it found.
      if (options.json !== undefined)
        await writeFile(resolve(options.json), `${JSON.stringify(benchJson(machine, results), null, 2)}\n`);
      if (options.markdown !== undefined) await writePage(resolve(options.markdown), cases, machine, results);
    }
  } finally {
    python.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(isUnrolledError(error) ? error.message : error);
  process.exitCode =
    isUnrolledError(error) || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
});
