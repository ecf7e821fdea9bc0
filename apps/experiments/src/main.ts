#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isUnrolledError, refuse, requireInteger, requireOneOf } from '@unrolled/contracts';
import { countsExperiment } from './counts/experiment.ts';
import { crsaeSpikes } from './crsae-spikes/experiment.ts';
import { deepSparseExperiment } from './deep-sparse/experiment.ts';
import { denoiseExperiment } from './denoise/experiment.ts';
import { type Experiment, type Size, sizes } from './experiment.ts';
import { interpretabilityExperiment } from './interpretability/experiment.ts';
import { kdsExperiment } from './kds/experiment.ts';
import { lsalsaExperiment } from './lsalsa/experiment.ts';
import { poissonExperiment } from './poisson/experiment.ts';
import { pudleExperiment } from './pudle/experiment.ts';
import { randnetExperiment } from './randnet/experiment.ts';
import { resultStore } from './result-store.ts';

const experiments: readonly Experiment[] = [
  countsExperiment,
  crsaeSpikes,
  lsalsaExperiment,
  denoiseExperiment,
  poissonExperiment,
  kdsExperiment,
  pudleExperiment,
  deepSparseExperiment,
  interpretabilityExperiment,
  randnetExperiment,
];
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

const help = `experiments NAME [--size ${sizes.join('|')}] [--seed N] [--json FILE] [--data DIR] [--python FILE] [--part NAME …] [--fresh]

${experiments.map(({ name, purpose, parts }) => `  ${name.padEnd(16)} ${purpose}${parts ? `\n  ${' '.repeat(16)} parts: ${parts.join(', ')}` : ''}`).join('\n')}

  --size     smoke: seconds; default: under 30 minutes on two cores; paper: the published size
  --json     writes all results as JSON
  --data     recordings with ground truth (default: ../shared/data beside the repository, where it is)
  --python   a Python with apps/experiments/peers/requirements.txt installed, to run the peers beside ours
  --part     computes and keeps this part alone, and writes no page; a run without it then finds it done
  --fresh    forgets the parts kept from earlier runs

A run that was stopped goes on where it stopped. The size "default" (and "paper") rewrites the page in docs/results.`;

function context(
  values: { size: string; seed: string; data?: string; python?: string; part?: string[]; fresh: boolean },
  name: string,
) {
  const size: Size = requireOneOf('--size', values.size, sizes);
  const seed = requireInteger('--seed', Number(values.seed), 0);
  const data = resolve(values.data ?? join(root, '../shared/data'));
  if (values.data !== undefined && !existsSync(data)) refuse('--data', values.data, 'an existing folder');
  if (values.python !== undefined && !existsSync(values.python))
    refuse('--python', values.python, 'an existing program');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('interrupted')));
  const log = (line: string): void => console.error(line);
  const folder = join(root, 'out/experiments', `${name}-${size}${values.fresh ? `-${Date.now()}` : ''}`);
  return {
    size,
    seed,
    results: resultStore(folder, log),
    signal: stop.signal,
    wanted: (part: string) => values.part === undefined || values.part.includes(part),
    dataFolder: existsSync(data) ? data : undefined,
    python: values.python,
    log,
  };
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      size: { type: 'string', default: 'default' },
      seed: { type: 'string', default: '0' },
      json: { type: 'string' },
      data: { type: 'string' },
      python: { type: 'string' },
      part: { type: 'string', multiple: true },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || positionals.length === 0) return console.log(help);
  const experiment = experiments.find(({ name }) => name === positionals[0]);
  if (experiment === undefined || positionals.length > 1) {
    return refuse('NAME', positionals.join(' '), `one of ${experiments.map(({ name }) => name).join(', ')}`);
  }
  const { size, ...rest } = context(values as Parameters<typeof context>[0], experiment.name);
  for (const part of values.part ?? []) {
    if (experiment.parts === undefined)
      return refuse('--part', part, `none, as ${experiment.name} has no parts`);
    requireOneOf('--part', part, experiment.parts);
  }
  const results = await experiment.run({ size, ...rest });
  if (values.json !== undefined)
    await writeFile(resolve(values.json), `${JSON.stringify(results, null, 2)}\n`);
  if (values.part !== undefined) return;
  const { markdown, pictures } = experiment.page(
    results,
    `pnpm experiments ${experiment.name} --size ${size}${values.python === undefined ? '' : ' --python PYTHON'}`,
  );
  const pages = size === 'smoke' ? join(root, 'out/experiments/smoke') : join(root, 'docs/results');
  await mkdir(join(pages, experiment.name), { recursive: true });
  for (const [file, picture] of Object.entries(pictures))
    await writeFile(join(pages, experiment.name, file), picture);
  await writeFile(join(pages, `${experiment.name}.md`), markdown);
  console.log(join(pages, `${experiment.name}.md`));
}

main().catch((error: unknown) => {
  console.error(isUnrolledError(error) ? error.message : error);
  process.exitCode =
    isUnrolledError(error) || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
});
