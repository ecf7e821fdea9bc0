import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import type { Learned } from '@unrolled/spikes';
import { z } from 'zod';
import { parseFile, requireFolder } from '../files/parse-file.ts';
import { encodePlainData, parsePlainData } from './plain-data.ts';

/** The network's parameters and the front end that it sees a recording through. */
const networkFile = 'network.safetensors';
const metadataName = 'unrolled.learned';

const count = z.int().nonnegative();
const floatArray = z.object({ data: z.instanceof(Float32Array), shape: z.array(count).readonly() });

/** What must be right before work starts; the rest is the engine's, and comes back as it was given. */
const schema = z.looseObject({
  version: z.literal(1),
  frontEnd: z.looseObject({ rate: z.number().positive(), channels: z.int().positive() }),
  duration: z.number().positive(),
  filters: floatArray,
  templates: floatArray,
  peaks: z.array(z.object({ channel: count, sample: count })),
});

/**
 * Writes what was learned: all that sorting another recording of the same electrodes needs.
 *
 * @returns the names of the files that it wrote
 */
export function writeLearned(folder: string, learned: Learned): string[] {
  writeFileSync(join(folder, networkFile), encodePlainData(metadataName, { version: 1, ...learned }));
  return [networkFile];
}

/**
 * What `writeLearned` wrote, bit for bit.
 *
 * @throws UnrolledError INVALID_FILE, naming the file that is missing or not as it was written
 */
export function readLearned(folder: string): Learned {
  requireFolder(folder);
  const path = join(folder, networkFile);
  if (!existsSync(path)) {
    throw new UnrolledError(
      'INVALID_FILE',
      `${folder}: expected a folder that learn wrote, it has no ${networkFile}`,
    );
  }
  const content = parseFile(path, (bytes) => parsePlainData(metadataName, bytes));
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    throw new UnrolledError('INVALID_FILE', `${path}: ${z.prettifyError(parsed.error)}`);
  }
  const { version: _, ...learned } = content as { readonly version: 1 } & Learned;
  return learned;
}
