import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { formatJson } from '../files/json.ts';
import { summaryFile } from '../output/summary.ts';

/** What says that a folder was written by `unrolled separate`. */
const separationFormat = 'unrolled-separation';

const pictureSchema = z.object({
  path: z.string(),
  height: z.int().positive(),
  width: z.int().positive(),
  /** The files of its components, in the order of the model's dictionaries. */
  components: z.array(z.string()),
  sheet: z.string(),
  /** Part of the picture's energy around its mean that the components add up to. */
  explained: z.number(),
});

/** `summary.json`: what was taken apart, by which model, and what came out; for people and for scripts. */
const summarySchema = z.object({
  format: z.literal(separationFormat),
  version: z.literal(1),
  software: z.string(),
  model: z.object({
    path: z.string(),
    components: z.array(z.string()),
    layers: z.int().positive(),
    patch: z.object({ height: z.int().positive(), width: z.int().positive() }),
  }),
  options: z.record(z.string(), z.union([z.string(), z.number()])),
  pictures: z.array(pictureSchema),
  /** The files of the folder. */
  files: z.array(z.string()),
});

export type SeparatedPicture = z.infer<typeof pictureSchema>;
export type SeparationSummary = z.infer<typeof summarySchema>;

/** Writes the summary of a folder of separated pictures. */
export function writeSeparationSummary(
  folder: string,
  summary: Omit<SeparationSummary, 'format' | 'version' | 'files'>,
): void {
  const files = summary.pictures.flatMap(({ components, sheet }) => [...components, sheet]);
  const whole = { format: separationFormat, version: 1, ...summary, files: [...files, summaryFile] };
  writeFileSync(join(folder, summaryFile), formatJson(summarySchema.parse(whole)));
}
