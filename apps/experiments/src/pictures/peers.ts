import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Noise } from '@unrolled/denoising';
import { encodeNpy, type NdArray, ndArray, parseNpy } from '@unrolled/formats';
import { type Image, image } from '@unrolled/images';
import type { ExperimentContext } from '../experiment.ts';
import type { NamedPicture } from './album.ts';
import type { NoisyPicture } from './noisy-set.ts';
import { type PictureScore, scorePicture } from './scores.ts';

/** What `peers/pictures.py` has. */
export type PictureMethod = 'bm3d' | 'wavelets' | 'nl-means' | 'sporco' | 'cnn';

/** A peer on the test pictures. */
export interface PeerScores {
  readonly method: PictureMethod;
  /** The program and its version. */
  readonly version: string;
  readonly settings: string;
  /** Numbers that were learned; absent where nothing is. */
  readonly parameters?: number;
  /** Wall clock: of learning, and of denoising all pictures. */
  readonly seconds: { readonly learning: number; readonly denoising: number };
  readonly scores: readonly PictureScore[];
}

/** What the peers are given. */
export interface PeerTask {
  readonly noise: Noise;
  readonly train: readonly NamedPicture[];
  readonly test: readonly NoisyPicture[];
  /** Wall-clock seconds that those who learn may learn for. */
  readonly learning: number;
  readonly seed: number;
}

/** An estimate for every test picture, in its units. */
export type Estimates = readonly Image[];

const script = resolve(dirname(fileURLToPath(import.meta.url)), '../../peers/pictures.py');

/**
 * Runs a peer on the same noisy pictures, on two threads. Its estimates are shown to `look` while they are there; scores alone are kept.
 *
 * @param look whatever else is to be kept of the estimates: crops to show
 */
export async function runPicturePeer<Seen>(
  { results, python, signal, log }: ExperimentContext,
  method: PictureMethod,
  task: PeerTask,
  look: (estimates: Estimates) => Seen,
): Promise<(PeerScores & { readonly seen: Seen }) | undefined> {
  if (python === undefined) {
    log(`${method}: skipped (no --python with apps/experiments/peers/requirements.txt)`);
    return undefined;
  }
  const { noise, train, test, learning, seed } = task;
  const name = `peer ${method} ${noise.name}`;
  const settings = {
    method,
    noise: noise.name,
    learning,
    seed,
    train: train.map((picture) => picture.name),
    test: test.map(({ name, draw }) => `${name} ${draw}`),
  };
  return results.once(name, settings, async () => {
    const folder = join(results.folder, `peers-${process.pid}-${method}`);
    await mkdir(folder, { recursive: true });
    try {
      const paths = async (pictures: readonly Image[], prefix: string): Promise<string[]> =>
        Promise.all(
          pictures.map(async ({ data, height, width }, index) => {
            const path = join(folder, `${prefix}-${index}.npy`);
            await writeFile(path, encodeNpy(ndArray(data, [height, width])));
            return path;
          }),
        );
      const job = {
        method,
        noise: noise.name,
        train: await paths(
          train.map(({ picture }) => picture),
          'train',
        ),
        noisy: await paths(
          test.map(({ noisy }) => noisy),
          'noisy',
        ),
        estimates: test.map((_, index) => join(folder, `estimate-${index}.npy`)),
        learning,
        seed,
      };
      await writeFile(join(folder, 'job.json'), JSON.stringify(job));
      const out = join(folder, 'out.json');
      await promisify(execFile)(python, [script, join(folder, 'job.json'), out], {
        signal,
        maxBuffer: 64 * 1024 * 1024,
      });
      const told = JSON.parse(await readFile(out, 'utf8')) as Omit<PeerScores, 'method' | 'scores'>;
      const estimates = await Promise.all(job.estimates.map(readPicture));
      const scores = test.map((noisy, index) => scorePicture(noisy, estimates[index]!));
      return { method, ...told, scores, seen: look(estimates) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function readPicture(path: string): Promise<Image> {
  const { data, shape } = parseNpy(await readFile(path)) as NdArray<'float32'>;
  const [height, width] = shape as [number, number];
  return image(data, { height, width });
}
