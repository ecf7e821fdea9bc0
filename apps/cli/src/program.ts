import { Command, Option } from 'commander';
import { addDemo } from './commands/demo.ts';
import { addDenoise } from './commands/denoise.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addLearn } from './commands/learn.ts';
import { addSeparate } from './commands/separate.ts';
import { addSort } from './commands/sort.ts';
import { addTrain } from './commands/train.ts';
import { version } from './version.ts';

/** The backends that `--backend` takes. */
export const backends = ['auto', 'wasm', 'tensorflow', 'webgpu', 'cpu'] as const;
export type Backend = (typeof backends)[number];

/** What every command knows. */
export interface GlobalOptions {
  readonly backend: Backend;
}

const examples = `
Examples:
  $ unrolled demo                                    simulate, learn, sort, score: a minute to see it all
  $ unrolled spikes learn tetrode.npy --rate 15000 --out sorted
  $ unrolled spikes sort day2.npy --rate 15000 --templates sorted --out sorted-day2
  $ unrolled spikes evaluate sorted --truth truth.json
  $ unrolled denoise photograph.jpg --noise auto --out denoised
  $ unrolled separate scan.png --out separated       handwriting and the texture that it stands on

Exit codes: 0 done · 1 failed · 2 bad input, nothing was written · 130 interrupted (Ctrl-C)`;

/**
 * The grammar of `unrolled`: what a user can say, and what is said of it. Commands load what they need when they run,
 * so that help is there at once: nothing that this file imports may import an engine.
 */
export function createProgram(): Command {
  const program = new Command('unrolled')
    .description(
      'Interpretable networks unrolled from sparse-coding algorithms, for recordings and pictures.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addOption(
      new Option('--backend <name>', 'what computes')
        .choices(backends)
        .default('auto', 'auto: the fastest here'),
    )
    .addHelpText('after', examples)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(add --help for what it takes)')
    .exitOverride();

  addDemo(program);
  const spikes = program
    .command('spikes')
    .description('spike sorting of extracellular recordings: learn, sort, evaluate');
  addLearn(spikes);
  addSort(spikes);
  addEvaluate(spikes);
  addDenoise(program);
  addSeparate(program);
  addTrain(program);
  addDoctor(program);
  return program;
}
