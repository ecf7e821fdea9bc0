import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { formatJson } from '../files/json.ts';
import { summaryFile } from '../output/summary.ts';

/** What says that a folder was written by `unrolled denoise`. */
const denoisingFormat = 'unrolled-denoising';

const pictureSchema = z.object({
  path: z.string(),
  height: z.int().positive(),
  width: z.int().positive(),
  channels: z.int().positive(),
  /** The noise that it was taken to have: `gaussian:25`. */
  noise: z.string(),
  /** The name of a model that comes along, or the path of a file. */
  model: z.string(),
  /** The denoised picture; of counts that came as numbers, their means besides. */
  files: z.array(z.string()),
  sheet: z.string(),
  /** To the clean picture and its maximum, dB. */
  psnr: z.object({ before: z.number(), after: z.number() }).optional(),
});

/** `summary.json`: what was denoised, by which model, and what came out; for people and for scripts. */
const summarySchema = z.object({
  format: z.literal(denoisingFormat),
  version: z.literal(1),
  software: z.string(),
  options: z.record(z.string(), z.union([z.string(), z.number()])),
  pictures: z.array(pictureSchema),
  /** The files of the folder. */
  files: z.array(z.string()),
});

export type SummarizedPicture = z.infer<typeof pictureSchema>;
export type DenoisedPicture = Omit<SummarizedPicture, 'model'>;

/** Writes the summary of a folder of denoised pictures. */
export function writeDenoisingSummary(
  folder: string,
  summary: Omit<z.infer<typeof summarySchema>, 'format' | 'version' | 'files'>,
): void {
  const files = summary.pictures.flatMap((picture) => [...picture.files, picture.sheet]);
  const whole = { format: denoisingFormat, version: 1, ...summary, files: [...files, summaryFile] };
  writeFileSync(join(folder, summaryFile), formatJson(summarySchema.parse(whole)));
}
