import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { recordingFromArray, talkSimulation } from '@unrolled/data';
import { encodeNpyHeader, encodeSafetensors } from '@unrolled/formats';
import { learnTemplates, saveLearned } from '@unrolled/spikes';
import type { BenchContext } from '../benchmark.ts';

/** Files to sort from: the talk's recording, and what was learned from it. */
export interface SortingFiles {
  /** Path of what was learned. */
  readonly learned: string;
  readonly rate: number;
  readonly samples: number;
  /** Writes a recording of so many samples, the talk's over and over, and gives its path. */
  recording(name: string, samples: number): Promise<string>;
}

/** Minutes that templates are learned from: as good as all of them, and faster. */
const learning = 1;

/** The talk's recording at 16 dB; `smoke` has ten seconds of it. */
export async function sortingFiles({ size, folder, log }: BenchContext): Promise<SortingFiles> {
  const rate = 10_000;
  const { recording } = talkSimulation({ seed: 0, duration: size === 'full' ? 17 * 60 : 10 });
  const samples = recording.samples;
  const values = await recording.read(0, samples);
  log('learning the templates');
  const part = recordingFromArray(values.slice(0, Math.min(samples, learning * 60 * rate)), {
    rate,
    channels: 1,
  });
  const learned = await learnTemplates(part, { duration: 0.0045, units: 3, epochs: 1 });
  const path = join(folder, 'learned.safetensors');
  const { tensors, metadata } = saveLearned(learned);
  await writeFile(path, encodeSafetensors(tensors, { learned: metadata }));
  return {
    learned: path,
    rate,
    samples,
    async recording(name, count) {
      const file = join(folder, `${name}.npy`);
      const out = createWriteStream(file);
      out.write(encodeNpyHeader('float32', [count]));
      for (let written = 0; written < count; written += samples) {
        const piece = values.subarray(0, Math.min(samples, count - written));
        const room = out.write(new Uint8Array(piece.buffer, 0, piece.byteLength));
        if (!room) await once(out, 'drain');
      }
      out.end();
      await finished(out);
      return file;
    },
  };
}
