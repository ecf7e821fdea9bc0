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

/** What a peer is, and how long it took. */
export interface PeerFacts {
  /** The program and its version. */
  readonly version: string;
  readonly settings: string;
  /** Numbers that were learned; absent where nothing is. */
  readonly parameters?: number;
  /** Wall clock: of learning, and of denoising all pictures. */
  readonly seconds: { readonly learning: number; readonly denoising: number };
}

/** Those that learn from the training pictures, for as long as they are told. */
const learners: readonly PictureMethod[] = ['sporco', 'cnn'];

/** A peer on the test pictures. */
export interface PeerScores extends PeerFacts {
  readonly method: PictureMethod;
  readonly scores: readonly PictureScore[];
}

/** What the peers are given. */
export interface PeerTask {
  readonly noise: Noise;
  readonly train: readonly NamedPicture[];
  readonly test: readonly NoisyPicture[];
  /** Seconds that those who learn may learn for. */
  readonly learning: number;
  /** Of which clock, where a machine is busy: the wall's (default), or that of the processors, all threads together. */
  readonly clock?: 'wall' | 'processor';
  readonly seed: number;
}

/** An estimate for every noisy picture, in its units. */
export type Estimates = readonly Image[];

const script = resolve(dirname(fileURLToPath(import.meta.url)), '../../peers/pictures.py');

/**
 * Runs a peer on the same noisy pictures, on two threads. Its estimates are shown to `look` while they are there; scores alone are kept.
 *
 * @param look whatever else is to be kept of the estimates: crops to show
 * @returns undefined, and says so, where there is no Python
 */
export async function runPicturePeer<Seen>(
  context: ExperimentContext,
  method: PictureMethod,
  task: PeerTask,
  look: (estimates: Estimates) => Seen,
): Promise<(PeerScores & { readonly seen: Seen }) | undefined> {
  const { noise, train, test, learning, clock, seed } = task;
  const { python, results, log } = context;
  if (python === undefined) {
    log(`${method}: skipped (no --python with apps/experiments/peers/requirements.txt)`);
    return undefined;
  }
  const settings = {
    method,
    noise: noise.name,
    ...(learners.includes(method) && { learning, clock }),
    seed,
    train: train.map((picture) => picture.name),
    test: test.map(({ name, draw }) => `${name} ${draw}`),
  };
  return results.once(`peer ${method} ${noise.name}`, settings, async () => {
    const noisy = test.map((picture) => picture.noisy);
    const { estimates, ...facts } = await estimatesOf(context, python, method, { ...task, noisy });
    const scores = test.map((picture, index) => scorePicture(picture, estimates[index]!));
    return { method, ...facts, scores, seen: look(estimates) };
  });
}

/** What a peer makes of pictures that no clean ones need be known of. */
export async function estimatesOf(
  { results, signal }: ExperimentContext,
  python: string,
  method: PictureMethod,
  task: Omit<PeerTask, 'test'> & { readonly noisy: readonly Image[] },
): Promise<PeerFacts & { readonly estimates: Estimates }> {
  const { noise, train, noisy, learning, clock = 'wall', seed } = task;
  const folder = join(results.folder, `peers-${process.pid}-${method}`);
  await mkdir(folder, { recursive: true });
  try {
    const paths = (pictures: readonly Image[], prefix: string): Promise<string[]> =>
      Promise.all(
        pictures.map(async ({ data, height, width }, index) => {
          const path = join(folder, `${prefix}-${index}.npy`);
          await writeFile(path, encodeNpy(ndArray(data, [height, width])));
          return path;
        }),
      );
    const clean = train.map(({ picture }) => picture);
    const job = {
      method,
      noise: noise.name,
      train: await paths(clean, 'train'),
      noisy: await paths(noisy, 'noisy'),
      estimates: noisy.map((_, index) => join(folder, `estimate-${index}.npy`)),
      learning,
      clock,
      seed,
    };
    await writeFile(join(folder, 'job.json'), JSON.stringify(job));
    const out = join(folder, 'out.json');
    await promisify(execFile)(python, [script, join(folder, 'job.json'), out], {
      signal,
      maxBuffer: 64 * 1024 * 1024,
    });
    const facts = JSON.parse(await readFile(out, 'utf8')) as PeerFacts;
    return { ...facts, estimates: await Promise.all(job.estimates.map(readPicture)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readPicture(path: string): Promise<Image> {
  const { data, shape } = parseNpy(await readFile(path)) as NdArray<'float32'>;
  const [height, width] = shape as [number, number];
  return image(data, { height, width });
}
