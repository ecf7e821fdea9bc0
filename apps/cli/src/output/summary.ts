import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import { z } from 'zod';
import { formatJson } from '../files/json.ts';

/** What says that a folder was written by `unrolled`. */
export const sortingFormat = 'unrolled-sorting';
export const summaryFile = 'summary.json';
/** What `evaluate` adds to a folder. */
export const evaluationFile = 'metrics.json';
export const reportFile = 'report.html';
/** The sorting as one picture. */
export const figureFile = 'figure.svg';

const unitSchema = z.object({
  unit: z.int().nonnegative(),
  spikes: z.int().nonnegative(),
  /** Mean rate over the recording, Hz. */
  firingRate: z.number().nonnegative(),
  /** Where the template has its largest deflection: a channel, and a sample of the template. */
  peak: z.object({ channel: z.int().nonnegative(), sample: z.int().nonnegative() }),
});

/** `summary.json`: what was sorted, how, and what came out; for people and for scripts. */
export const summarySchema = z.object({
  format: z.literal(sortingFormat),
  version: z.literal(1),
  software: z.string(),
  command: z.string(),
  recording: z.object({
    path: z.string(),
    /** Hz. */
    rate: z.number().positive(),
    samples: z.int().positive(),
    channels: z.int().positive(),
    dtype: z.string(),
    /** Seconds. */
    duration: z.number().positive(),
    /** Channels that carry no signal, counted from 0. */
    leftOut: z.array(z.object({ channel: z.int().nonnegative(), reason: z.string() })),
  }),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  units: z.array(unitSchema),
  spikes: z.int().nonnegative(),
  /** Part of the recording's energy above the noise that the spikes explain. */
  explained: z.number(),
  /** The files of the folder. */
  files: z.array(z.string()),
});

export type Summary = z.infer<typeof summarySchema>;

export function writeSummary(folder: string, summary: Summary): void {
  writeFileSync(join(folder, summaryFile), formatJson(summarySchema.parse(summary)));
}

/**
 * The summary of a folder of ours.
 *
 * @throws UnrolledError INVALID_FILE where there is none, or where it is not as we write it
 */
export function readSummary(folder: string): Summary {
  const path = join(folder, summaryFile);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new UnrolledError('INVALID_FILE', `${path}: expected the summary of a folder that unrolled wrote`, {
      cause,
    });
  }
  const parsed = summarySchema.safeParse(content);
  if (!parsed.success) throw new UnrolledError('INVALID_FILE', `${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
