import type { Command } from 'commander';
import { wholeNumber } from '../arguments.ts';
import type { GlobalOptions } from '../program.ts';

export interface SeparateOptions extends GlobalOptions {
  readonly out: string;
  readonly model?: string;
  readonly stride?: number;
  readonly force?: boolean;
}

const more = `
A MIXTURE is a .png of any size that is at least the model's patch; a coloured one is taken as grey.
The model that comes along knows handwriting on textures. Its components: the strokes; the texture, and all else.

DIR gets, for every MIXTURE, NAME-component-1.png, NAME-component-2.png, … of its size, NAME-sheet.png to
look at, and summary.json.

Examples:
  $ unrolled separate scan.png --out separated
  $ unrolled separate *.png --model scratches.safetensors --out separated`;

export function addSeparate(parent: Command): void {
  parent
    .command('separate')
    .description('take pictures apart into what they are sums of')
    .argument('<mixture...>', 'the pictures (.png)')
    .requiredOption('--out <dir>', 'folder to write')
    .option('--model <file>', 'a model that train lsalsa wrote (default: the one that comes along)')
    .option('--stride <n>', 'pixels from one tile to the next (default: a third of a tile)', wholeNumber(1))
    .option('--force', 'replace an output folder that unrolled did not write')
    .addHelpText('after', more)
    .action(async (mixtures: string[], _options: SeparateOptions, command: Command) => {
      const { separate } = await import('../actions/separate.ts');
      await separate(mixtures, command.optsWithGlobals<SeparateOptions>());
    });
}
