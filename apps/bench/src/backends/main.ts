import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isUnrolledError, refuse } from '@unrolled/contracts';
import { environmentOf, parseSettings, type Setting, titleOf } from './backends.ts';
import { runLaws } from './laws.ts';
import { type Peak, page } from './page.ts';
import type { Failure, Laws, Row } from './row.ts';

const help = `prove.mjs [--backends LIST] [--tensorflow FOLDER] [--laws] [--peak GFLOPS,GBS] [--markdown FILE] [--json FILE]

  --backends    wasm, tensorflow, webgpu, cpu, and with a number of threads tensorflow:1; default wasm,webgpu
  --tensorflow  the folder that build.mjs made; without it tfjs-node has to be installed
  --laws        runs the tests of the repository on each of them, too: minutes on an imitated graphics card
  --peak        what the device can do by its data sheet, in 10⁹ operations and bytes a second
  --markdown    writes the page
  --json        writes the figures`;

/** Measures one backend in a process of its own. */
async function measure(setting: Setting): Promise<Row | Failure> {
  const program = fileURLToPath(new URL('measure.js', import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(setting)], {
    stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
    env: environmentOf(setting),
  });
  let [output, errors] = ['', ''];
  child.stdio[3]!.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr!.on('data', (chunk: Buffer) => {
    errors += chunk;
    process.stderr.write(chunk);
  });
  const ended = await new Promise<string>((done) =>
    child.on('close', (code, signal) => done(signal ?? `status ${code}`)),
  );
  if (output !== '') return JSON.parse(output) as Row;
  const told = errors.split('\n').find((one) => /Error/.test(one)) ?? errors.trim().split('\n').at(-1)!;
  return { title: titleOf(setting), backend: setting.name, failure: `${told} (${ended})` };
}

function peakOf(text: string | undefined): Peak | undefined {
  if (text === undefined) return undefined;
  const [gflops, gigabytes] = text.split(',').map(Number) as [number, number?];
  if (!(gflops > 0) || !(gigabytes !== undefined && gigabytes > 0)) refuse('--peak', text, 'two numbers > 0');
  return { gflops, gigabytes: gigabytes! };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      backends: { type: 'string', default: 'wasm,webgpu' },
      tensorflow: { type: 'string' },
      laws: { type: 'boolean', default: false },
      peak: { type: 'string' },
      markdown: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(help);
  const settings = parseSettings(values.backends, values.tensorflow);
  const peak = peakOf(values.peak);
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const load = loadavg()[0]!;
  const model = cpus()[0]?.model.trim() ?? 'an unknown processor';
  const machine = `${model} with ${cpus().length} cores, of which ${load.toFixed(1)} were wanted before, Node ${process.version}`;
  const command = `node apps/bench/tensorflow-backend/prove.mjs ${process.argv.slice(2).join(' ')}`;
  const rows: Row[] = [];
  const failures: Failure[] = [];
  for (const setting of settings) {
    process.stderr.write(`${titleOf(setting)}\n`);
    const result = await measure(setting);
    if ('failure' in result) failures.push(result);
    else rows.push(values.laws ? { ...result, laws: await lawsOf(root, setting, rows) } : result);
    // After each: what has been measured is not lost where the next one never ends.
    const text = page(rows, failures, { command, machine, ...(peak && { peak }) });
    if (values.markdown !== undefined) await writeFile(resolve(values.markdown), text);
    if (values.json !== undefined)
      await writeFile(resolve(values.json), `${JSON.stringify({ machine, rows, failures }, null, 2)}\n`);
  }
  console.log(page(rows, failures, { command, machine, ...(peak && { peak }) }));
}

/** The laws on a backend: once, whatever its threads. */
async function lawsOf(root: string, setting: Setting, rows: readonly Row[]): Promise<Laws> {
  const known = rows.find(({ backend }) => backend === setting.name)?.laws;
  return known ?? runLaws(root, setting);
}

main().catch((error: unknown) => {
  console.error(isUnrolledError(error) ? error.message : error);
  process.exitCode = isUnrolledError(error) ? 2 : 1;
});
