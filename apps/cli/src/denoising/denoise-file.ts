import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Denoiser, denoise } from '@unrolled/denoising';
import { encodeNpy, ndArray } from '@unrolled/formats';
import { encodePng, type Image, image, joinChannels } from '@unrolled/images';
import { psnr } from '@unrolled/metrics';
import type { NoiseArgument } from '../arguments.ts';
import { noiseOf } from './noise-of.ts';
import { type RecordedFile, readClean, readRecorded } from './recorded.ts';
import { type Denoised, denoisingSheet } from './sheet.ts';
import type { DenoisedPicture } from './summary.ts';

/** Options of {@link denoiseFile}. */
export interface DenoiseFileOptions {
  readonly noise: NoiseArgument;
  /** What the picture is without noise: a file. */
  readonly clean?: string;
  /** How much is done, 0 … 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** Denoises the picture in a file, and writes what came out and a sheet on which it stands beside the picture. */
export async function denoiseFile(
  folder: string,
  recordedFile: RecordedFile,
  denoiser: Denoiser,
  { noise: argument, clean, onProgress }: DenoiseFileOptions,
): Promise<DenoisedPicture> {
  const { name } = recordedFile;
  const recorded = readRecorded(recordedFile, argument);
  const noise = noiseOf(argument);
  const after = await denoise(recorded.light, denoiser, {
    noise,
    ...(onProgress && { onProgress: (done: number, total: number) => onProgress(done / total) }),
  });
  const white = argument.family === 'poisson' ? argument.level : 1;
  const { height, width, channels } = after;
  const files: string[] = [`${name}-denoised.png`];
  // A picture of twelve megapixels is not copied for nothing.
  const visible =
    white === 1
      ? after
      : image(
          after.data.map((value) => value / white),
          { height, width, channels },
        );
  const whole = recorded.opacity ? joinChannels([visible, recorded.opacity]) : visible;
  writeFileSync(join(folder, files[0]!), encodePng(whole));
  if (recorded.numbers) {
    files.push(`${name}-denoised.npy`);
    const shape = channels === 1 ? [height, width] : [height, width, channels];
    writeFileSync(join(folder, files[1]!), encodeNpy(ndArray(after.data, shape)));
  }
  const quality =
    clean === undefined ? undefined : qualityOf(readClean(clean, recorded), recorded.light, after, argument);
  const denoised: Denoised = {
    before: recorded.light,
    after,
    noise,
    white,
    ...(quality && { psnr: quality }),
  };
  const sheet = `${name}-sheet.png`;
  writeFileSync(join(folder, sheet), encodePng(await denoisingSheet(denoised, denoiser)));
  return {
    path: recordedFile.file,
    height,
    width,
    channels,
    noise: `${argument.family}:${Number(argument.level.toPrecision(4))}`,
    files,
    sheet,
    ...(quality && { psnr: quality }),
  };
}

/** PSNR to the largest value of the clean picture, which counts are in units of their peak of. */
function qualityOf(
  clean: Image,
  before: Image,
  after: Image,
  { family, level }: NoiseArgument,
): { readonly before: number; readonly after: number } {
  const largest = clean.data.reduce((most, value) => Math.max(most, value), 0);
  const unit = family === 'poisson' ? level / largest : 1;
  const signal = clean.data.map((value) => value * unit);
  return { before: psnr(signal, before.data), after: psnr(signal, after.data) };
}
