import type { Command } from 'commander';
import { wholeNumber } from '../arguments.ts';
import type { GlobalOptions } from '../program.ts';

export interface DemoOptions extends GlobalOptions {
  readonly out: string;
  readonly seed: number;
  readonly force?: boolean;
}

export function addDemo(parent: Command): void {
  parent
    .command('demo')
    .description('simulate a recording with known spikes, learn its templates, sort it, score it, show it')
    .option('--out <dir>', 'folder to write', 'out/demo')
    .option('--seed <n>', 'seed of the simulation and of learning', wholeNumber(0), 0)
    .option('--force', 'replace an output folder that unrolled did not write')
    .addHelpText('after', '\nThe last line on stdout is the path of the report.')
    .action(async (_options: DemoOptions, command: Command) => {
      const { demo } = await import('../actions/demo.ts');
      await demo(command.optsWithGlobals<DemoOptions>());
    });
}
