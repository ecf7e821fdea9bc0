// Measures one backend, the setting in JSON and the command that asks for it as its arguments, and writes the row to file descriptor 3: in a process of its own, since
// how many threads a library takes is decided when it is loaded, and a driver that crashes shall not take the others with it.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { type BackendName, useBackend } from '@unrolled/backend';
import { type Setting, start, titleOf } from './backends.ts';
import type { Check } from './check.ts';
import { checks } from './checks.ts';
import { compare, type Values } from './compare.ts';
import type { CheckResult, Row, WorkResult } from './row.ts';
import { timeWork } from './timing.ts';
import type { Work } from './work.ts';
import { works } from './works.ts';

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

/** Runs a check on the backend, and where it comes to an end there, on wasm and plain JavaScript too. */
async function examine({ name, tolerance, run }: Check, backend: BackendName): Promise<CheckResult> {
  await tf.setBackend(backend);
  let found: Values;
  try {
    found = await run();
  } catch (error) {
    return { name, unsupported: messageOf(error) };
  }
  const against: { [other: string]: ReturnType<typeof compare> } = {};
  for (const other of ['wasm', 'cpu'] as const) {
    if (other === backend) continue;
    await tf.setBackend(other);
    against[other] = compare(found, await run());
  }
  return { name, tolerance, against };
}

/** "AMD EPYC, 2 cores of which 0.1 were wanted before, Node v20.20.2" */
function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'an unknown processor';
  return `${model}, ${cpus().length} cores of which ${load.toFixed(1)} were wanted before, Node ${process.version}`;
}

const [load = 0] = loadavg();
const setting = JSON.parse(process.argv[2]!) as Setting;
for (const other of ['cpu', 'wasm'] as const) await useBackend(other);
const { device, software } = await start(setting);

const results: CheckResult[] = [];
for (const check of checks) {
  process.stderr.write(`  ${check.name}\n`);
  results.push(await examine(check, setting.name));
}
const timed: WorkResult[] = [];
const rates: { [kind in Work['kind']]?: number } = {};
for (const work of works) {
  process.stderr.write(`  ${work.name}\n`);
  const result = await timeWork(work, setting.name, rates[work.kind] ?? Number.POSITIVE_INFINITY);
  if ('own' in result) rates[work.kind] = Math.max(rates[work.kind] ?? 0, work.flops / result.own.wall);
  timed.push(result);
}
const row: Row = {
  title: `${titleOf(setting)}${software ? ', imitated' : ''}`,
  command: process.argv[3]!,
  backend: setting.name,
  version: `tfjs ${tf.version_core}`,
  device,
  machine: machine(),
  graphics: /CUDA$/.test(device) || (setting.name === 'webgpu' && !software),
  checks: results,
  works: timed,
};
writeFileSync(3, JSON.stringify(row));
process.exit(0);
