import type { Command } from 'commander';
import { type NoiseArgument, noise, positive, wholeNumber } from '../arguments.ts';
import type { GlobalOptions } from '../program.ts';

export interface TrainDenoiseOptions extends GlobalOptions {
  readonly noise: NoiseArgument;
  readonly out: string;
  readonly atoms?: number;
  readonly size?: number;
  readonly stride?: number;
  readonly layers: number;
  readonly crop: number;
  readonly batch: number;
  readonly steps: number;
  readonly epochs: number;
  readonly rate: number;
  readonly seed: number;
  readonly checkpoint?: string;
  readonly force?: boolean;
}

const more = `
A DIR holds clean pictures (.png, .jpg); coloured ones are taken as grey. Noise is added here, new on every crop. The network is an
untied convolutional auto-encoder of the noise's likelihood; it starts as the thresholding of cosine transforms, and learns to give
the clean pictures back. One picture of eight is kept out, to say what it learned.

gaussian: one network serves every SIGMA, best near its own. poisson: one network serves a PEAK and its neighbourhood.
FILE is what denoise --model takes.

Examples:
  $ unrolled train denoise photographs/ --noise gaussian:25 --out photographs.safetensors
  $ unrolled train denoise galaxies/ --noise poisson:2 --epochs 100 --checkpoint run --out galaxies.safetensors
  Ctrl-C, and the same line again: it goes on from the checkpoint.`;

export function addTrainDenoise(train: Command): void {
  train
    .command('denoise')
    .description('train a network that takes noise off pictures, for denoise --model')
    .argument('<dir...>', 'folders of clean pictures')
    .requiredOption('--noise <kind:level>', 'gaussian:SIGMA (of 255) or poisson:PEAK', noise)
    .requiredOption('--out <file>', 'the model to write (.safetensors)')
    .option('--atoms <n>', 'filters (default: 64; of counts 96)', wholeNumber(2))
    .option('--size <n>', 'pixels of a side of a filter (default: 8; of counts 12)', wholeNumber(2))
    .option(
      '--stride <n>',
      'pixels from one place of a filter to the next (default: half of --size)',
      wholeNumber(1),
    )
    .option('--layers <t>', 'layers of the network', wholeNumber(1), 5)
    .option('--crop <n>', 'pixels of a side of the crops to learn from', wholeNumber(16), 64)
    .option('--batch <n>', 'crops of a step', wholeNumber(1), 4)
    .option('--steps <n>', 'steps of an epoch', wholeNumber(1), 100)
    .option('--epochs <e>', 'so many times as many steps', wholeNumber(1), 20)
    .option('--rate <r>', 'of Adam, at the start', positive, 0.003)
    .option('--seed <n>', 'seed of every draw', wholeNumber(0), 0)
    .option('--checkpoint <dir>', 'folder to keep a checkpoint in; the same command goes on from it')
    .option('--force', 'replace FILE where it exists')
    .addHelpText('after', more)
    .action(async (folders: string[], _options: TrainDenoiseOptions, command: Command) => {
      const { trainDenoise } = await import('../actions/train-denoise.ts');
      await trainDenoise(folders, command.optsWithGlobals<TrainDenoiseOptions>());
    });
}
