import type { Command } from 'commander';
import { type NoiseArgument, noiseOrAuto } from '../arguments.ts';
import type { GlobalOptions } from '../program.ts';

export interface DenoiseOptions extends GlobalOptions {
  readonly noise: NoiseArgument | 'auto';
  readonly out: string;
  readonly model?: string;
  readonly clean?: readonly string[];
  readonly force?: boolean;
}

const more = `
An IMAGE is a .png or .jpg of any size; coloured ones go channel by channel. --noise says what noise it has, none is added:
  gaussian:SIGMA   a deviation of SIGMA grey levels of 0 to 255, the same everywhere
  auto             the same, SIGMA estimated from the picture
  poisson:PEAK     counts of photons, of which the brightest place has PEAK on average. An IMAGE is then a .npy of counts
                   [height, width] or [height, width, channels], or a picture whose grey levels are multiples of one count

DIR gets, for every IMAGE, NAME-denoised.png of its size (of counts PEAK is white, and NAME-denoised.npy has the mean counts
of a .npy), NAME-sheet.png to look at, and summary.json. With --clean, how near it came (PSNR, to the clean maximum).

The models that come along are for gaussian noise of any SIGMA, and for counts near the peaks 1 and 4.

Examples:
  $ unrolled denoise scan.jpg --noise auto --out denoised
  $ unrolled denoise noisy.png --noise gaussian:25 --clean original.png --out denoised
  $ unrolled denoise m31.npy --noise poisson:4 --out denoised`;

export function addDenoise(parent: Command): void {
  parent
    .command('denoise')
    .description('take the noise off pictures')
    .argument('<image...>', 'the pictures (.png, .jpg, .npy)')
    .requiredOption('--noise <kind:level>', 'gaussian:SIGMA, poisson:PEAK or auto', noiseOrAuto)
    .requiredOption('--out <dir>', 'folder to write')
    .option(
      '--model <file>',
      'a model: of train denoise, or weights from elsewhere (default: one that comes along)',
    )
    .option('--clean <file...>', 'what the pictures are without noise, in their order')
    .option('--force', 'replace an output folder that unrolled did not write')
    .addHelpText('after', more)
    .action(async (images: string[], _options: DenoiseOptions, command: Command) => {
      const { denoise } = await import('../actions/denoise.ts');
      await denoise(images, command.optsWithGlobals<DenoiseOptions>());
    });
}
