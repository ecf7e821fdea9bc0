import { join } from 'node:path';
import { simulateMixtures } from '@unrolled/data';
import type { HostExamples } from '@unrolled/unroll';
import { readIdxPictures } from '../pictures/idx-pictures.ts';
import type { Plan } from './plan.ts';

/** Pixels on a side. */
export const side = 28;

/** Digits `[examples, pixels]`, 0 … 1, and which they are. */
export interface Half {
  readonly pictures: HostExamples;
  readonly labels: readonly number[];
}

export interface Digits {
  /** What the page says of them. */
  readonly origin: string;
  readonly train: Half;
  readonly test: Half;
}

/** The first digits of both halves of MNIST in a data folder; where there is none, digits that are drawn here. */
export async function loadDigits(
  dataFolder: string | undefined,
  { train, test }: Plan['examples'],
): Promise<Digits> {
  if (dataFolder === undefined) return drawnDigits(train, test);
  try {
    const [first, second] = await Promise.all([
      readHalf(dataFolder, 'train', train),
      readHalf(dataFolder, 'test', test),
    ]);
    return {
      origin: 'MNIST (LeCun, Cortes and Burges; CC BY-SA 3.0)',
      train: first,
      test: second,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return drawnDigits(train, test);
  }
}

async function readHalf(dataFolder: string, half: 'train' | 'test', count: number): Promise<Half> {
  const { images, labels } = await readIdxPictures(join(dataFolder, 'mnist'), half);
  const data = new Float32Array(count * side * side);
  images.slice(0, count).forEach((picture, index) => {
    data.set(picture.data, index * side * side);
  });
  return { pictures: { data, shape: [count, side * side] }, labels: labels.slice(0, count) };
}

function drawnDigits(train: number, test: number): Digits {
  const [first, second] = [train, test].map((pictures, seed): Half => {
    const one = { height: side, width: side, digitSize: side };
    const { digits, labels } = simulateMixtures({ ...one, pictures, seed, brightness: 1 });
    return { pictures: { data: digits.data, shape: [pictures, side * side] }, labels: [...labels.data] };
  });
  return { origin: 'no MNIST: digits drawn for the purpose', train: first!, test: second! };
}
