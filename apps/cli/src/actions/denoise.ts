import { join, resolve } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import type { NoiseArgument } from '../arguments.ts';
import type { DenoiseOptions } from '../commands/denoise.ts';
import { type RecordedFile, readClean, readRecorded, recordedFiles } from '../denoising/recorded.ts';
import { farPeak, nearestModel, timesApart } from '../denoising/shipped-models.ts';
import type { SummarizedPicture } from '../denoising/summary.ts';
import { naming, parseFile } from '../files/parse-file.ts';
import { beginOutputFolder, requireReplaceable } from '../output/folder.ts';
import { progressOn } from '../progress.ts';
import { formatTable } from '../table.ts';
import { version } from '../version.ts';

/** A picture, the noise that it has, and the model that is to take it off. */
interface Job {
  readonly picture: RecordedFile;
  readonly noise: NoiseArgument;
  /** For people. */
  readonly model: string;
  readonly modelFile: string;
  readonly clean?: string;
}

/** `unrolled denoise`: pictures without their noise. */
export async function denoise(files: readonly string[], options: DenoiseOptions): Promise<void> {
  const { out, force, model, clean = [] } = options;
  const inputs = [...files, ...clean, ...(model === undefined ? [] : [model])];
  requireReplaceable(out, { force, inputs });
  const jobs = jobsOf(files, options);
  const engine = await import('../denoising/index.ts');
  const { name: backend } = await engine.useBackend(options.backend);
  const denoisers = new Map<string, Awaited<ReturnType<typeof engine.loadDenoiser>>>();
  for (const { modelFile, noise } of jobs) {
    if (denoisers.has(modelFile)) continue;
    const bytes = parseFile(modelFile, (content) => new Uint8Array(content));
    const load = () => engine.loadDenoiser(bytes, { noise: engine.noiseOf(noise) });
    denoisers.set(modelFile, await naming(modelFile, load));
  }

  const folder = beginOutputFolder(out, { force, inputs });
  const progress = progressOn(process.stderr);
  const pictures: SummarizedPicture[] = [];
  for (const { picture, noise, model: name, modelFile, clean: cleanFile } of jobs) {
    const denoiser = denoisers.get(modelFile)!;
    progress.stage(picture.name);
    if (noise.family === 'poisson' && timesApart(noise.level, denoiser.noise.level) > farPeak.told)
      progress.note(
        `${picture.file}: the model ${name} was trained for a peak of ${denoiser.noise.level}, not ${noise.level}`,
      );
    const denoised = await naming(picture.file, () =>
      engine.denoiseFile(folder.path, picture, denoiser, {
        noise,
        ...(cleanFile !== undefined && { clean: cleanFile }),
        onProgress: (fraction) => progress.update(fraction),
      }),
    );
    pictures.push({ ...denoised, model: name });
  }
  progress.finish();
  engine.writeDenoisingSummary(folder.path, {
    software: `unrolled ${version}`,
    options: { noise: options.noise === 'auto' ? 'auto' : pictures[0]!.noise, backend },
    pictures,
  });
  for (const { network } of denoisers.values()) network.dispose();
  folder.publish();
  process.stdout.write(`${tableOf(pictures, out)}\n`);
}

/** Looks at every picture and finds its model, before any work starts. */
function jobsOf(files: readonly string[], { noise, model, clean }: DenoiseOptions): Job[] {
  if (clean && clean.length !== files.length) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `--clean: expected ${files.length} files, one for each picture, got ${clean.length}`,
    );
  }
  return recordedFiles(files).map((picture, index) => {
    const recorded = readRecorded(picture, noise);
    const cleanFile = clean?.[index];
    if (cleanFile !== undefined) readClean(cleanFile, recorded);
    const shipped = model === undefined ? nearestModel(recorded.noise) : undefined;
    return {
      picture,
      noise: recorded.noise,
      model: shipped?.name ?? resolve(model!),
      modelFile: shipped?.file ?? model!,
      ...(cleanFile !== undefined && { clean: cleanFile }),
    };
  });
}

function tableOf(pictures: readonly SummarizedPicture[], out: string): string {
  const measured = pictures.some(({ psnr }) => psnr !== undefined);
  const heads = ['pixels', 'noise', 'model', ...(measured ? ['PSNR before', 'after'] : []), 'sheet'];
  const rows = pictures.map(({ height, width, noise, model, psnr, sheet }) => [
    `${height} × ${width}`,
    noise,
    model,
    ...(measured ? [psnr?.before.toFixed(2) ?? '', psnr?.after.toFixed(2) ?? ''] : []),
    join(out, sheet),
  ]);
  return formatTable(heads, rows);
}
