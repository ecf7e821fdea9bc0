import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isUnrolledError, refuse } from '@unrolled/contracts';
import { environmentOf, parseSettings, type Setting, titleOf } from './backends.ts';
import { runLaws } from './laws.ts';
import { page } from './page.ts';
import type { Failure, Laws, Peak, Row } from './row.ts';

const help = `prove.mjs [--backends LIST] [--tensorflow FOLDER] [--laws] [--peak GFLOPS,GBS] [--markdown FILE] [--json FILE] [--join FILE]

  --backends    wasm, tensorflow, webgpu, cpu, and with a number of threads tensorflow:1; default wasm,webgpu
  --tensorflow  the folder that build.mjs made; without it tfjs-node has to be installed
  --laws        runs the tests of the repository on each of them, too: minutes on an imitated graphics card
  --peak        what the device can do by its data sheet, in 10⁹ operations and bytes a second
  --markdown    writes the page
  --json        writes the figures
  --join        keeps the columns of a run before, out of its --json, and writes them there again with those of this run`;

/** Measures one backend in a process of its own. */
async function measure(setting: Setting, command: string): Promise<Row | Failure> {
  const program = fileURLToPath(new URL('measure.js', import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(setting), command], {
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
      join: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(help);
  const settings = parseSettings(values.backends, values.tensorflow);
  const peak = peakOf(values.peak);
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const file = values.join ?? values.json;
  const command = `node apps/bench/tensorflow-backend/prove.mjs ${process.argv.slice(2).join(' ')}`;
  const rows = values.join === undefined ? [] : await readFigures(values.join);
  const failures: Failure[] = [];
  const laws = new Map<string, Laws>();
  /** Once for a backend, whatever its threads. */
  const lawsOf = async (setting: Setting): Promise<Laws> => {
    const found = laws.get(setting.name) ?? (await runLaws(root, setting));
    laws.set(setting.name, found);
    return found;
  };
  const told = () => page(rows, failures);
  for (const setting of settings) {
    process.stderr.write(`${titleOf(setting)}\n`);
    const result = await measure(setting, command);
    if ('failure' in result) failures.push(result);
    else put(rows, { ...result, ...(peak && { peak }), ...(values.laws && { laws: await lawsOf(setting) }) });
    // After each: what has been measured is not lost where the next one never ends.
    if (values.markdown !== undefined) await writeFile(resolve(values.markdown), told());
    if (file !== undefined)
      await writeFile(resolve(file), `${JSON.stringify({ rows, failures }, null, 2)}\n`);
  }
  console.log(told());
}

/** What a run before has measured. */
async function readFigures(file: string): Promise<Row[]> {
  return (JSON.parse(await readFile(resolve(file), 'utf8')) as { readonly rows: Row[] }).rows;
}

/** In the place of the same backend on the same device, or behind all others. */
function put(rows: Row[], one: Row): void {
  const at = rows.findIndex(({ title, device }) => title === one.title && device === one.device);
  if (at < 0) rows.push(one);
  else rows[at] = one;
}

main().catch((error: unknown) => {
  console.error(isUnrolledError(error) ? error.message : error);
  process.exitCode = isUnrolledError(error) ? 2 : 1;
});
