import { type Command, InvalidArgumentError } from 'commander';
import { positive, wholeNumber } from '../arguments.ts';
import type { GlobalOptions } from '../program.ts';
import { addTrainDenoise } from './train-denoise.ts';

/** A folder of pictures of one component alone, and the component's name. */
export interface ComponentFolder {
  readonly name: string;
  readonly folder: string;
}

export interface TrainLsalsaOptions extends GlobalOptions {
  readonly out: string;
  readonly component?: readonly ComponentFolder[];
  readonly patch: number;
  readonly atoms: number;
  readonly weight: number;
  readonly penalty: number;
  readonly layers: number;
  readonly examples: number;
  readonly epochs: number;
  readonly rate: number;
  readonly seed: number;
  readonly checkpoint?: string;
  readonly force?: boolean;
}

const more = `
A component's folder holds pictures (.png) of it alone; mixtures are sums of patches of them. The level of a
picture, as it is where nothing else lies, belongs to the last component. Without --component, handwriting on textures is simulated:
that is how the model that comes along was made.

Every component gets a dictionary of its own; the network starts as SALSA with them, and learns to give the components
back. FILE is what separate --model takes.

Examples:
  $ unrolled train lsalsa --out digits.safetensors
  $ unrolled train lsalsa --component stars=stars/ --component sky=sky/ --checkpoint run --out night.safetensors
  Ctrl-C, and the same line again: it goes on from the checkpoint.`;

function component(text: string, others: readonly ComponentFolder[] = []): readonly ComponentFolder[] {
  const match = /^([^=,]+)=(.+)$/.exec(text);
  if (!match) throw new InvalidArgumentError('Expected name=folder, such as sky=pictures/sky.');
  const [, name, folder] = match as unknown as [string, string, string];
  if (others.some((other) => other.name === name))
    throw new InvalidArgumentError(`There are two components ${name}.`);
  return [...others, { name, folder }];
}

export function addTrain(parent: Command): void {
  const train = parent.command('train').description('train networks');
  train
    .command('lsalsa')
    .description('train a network that takes pictures apart, for separate --model')
    .requiredOption('--out <file>', 'the model to write (.safetensors)')
    .option('--component <name=dir>', 'pictures of one component; twice or more', component)
    .option('--patch <n>', 'pixels of a side of the tile that the network sees', wholeNumber(2), 12)
    .option('--atoms <n>', 'atoms of every dictionary', wholeNumber(1), 90)
    .option('--weight <w>', 'of the ℓ1 norm of codes', positive, 0.08)
    .option('--penalty <mu>', 'of SALSA', positive, 0.5)
    .option('--layers <t>', 'layers of the network', wholeNumber(1), 10)
    .option('--examples <n>', 'patches of every component to learn from', wholeNumber(100), 12_000)
    .option('--epochs <e>', 'passes over them', wholeNumber(1), 20)
    .option('--rate <r>', 'of Adam, at the start', positive, 0.0005)
    .option('--seed <n>', 'seed of every draw', wholeNumber(0), 0)
    .option('--checkpoint <dir>', 'folder to keep a checkpoint in; the same command goes on from it')
    .option('--force', 'replace FILE where it exists')
    .addHelpText('after', more)
    .action(async (_options: TrainLsalsaOptions, command: Command) => {
      const { trainLsalsa } = await import('../actions/train-lsalsa.ts');
      await trainLsalsa(command.optsWithGlobals<TrainLsalsaOptions>());
    });
  addTrainDenoise(train);
}
