import * as tf from '@tensorflow/tfjs-core';
import { matMul } from '@unrolled/backend';
import type { Half } from './digits.ts';
import type { Plan } from './plan.ts';
import { type Reading, rowOf } from './reading.ts';

/** Whether the most alike training digits are the same digit: of test digits, a share. No label was used for learning. */
export interface Likeness {
  /** What is compared. */
  readonly by: string;
  /** For every number of neighbours: the share of neighbours with the same label, and of test digits that a vote of them gets right. */
  readonly neighbours: readonly { readonly count: number; readonly same: number; readonly voted: number }[];
}

export const ways = [
  'codes, cosine',
  'reconstruction weights β',
  'pixels, cosine',
  'pixels, distance',
] as const;

/** The most alike by codes, by weights, and by pixels. */
export async function measureLikeness(
  { digits: { train, test }, made, testCodes }: Reading,
  { neighbours }: Plan,
): Promise<Likeness[]> {
  const most = Math.max(...neighbours);
  const tests = test.labels.map((_, index) => index);
  const byCode = tests.map((index) =>
    made.mostAlike(rowOf(testCodes, index), most).map(({ example }) => example),
  );
  const byWeight = tests.map((index) => largest(made.reconstructionWeights(rowOf(testCodes, index)), most));
  const [byCosine, byDistance] = await alikeInPixels(train, test, most);
  return [byCode, byWeight, byCosine!, byDistance!].map((lists, way) => ({
    by: ways[way]!,
    neighbours: neighbours.map((count) => ({ count, ...agreement(lists, count, { train, test }) })),
  }));
}

/** The places of the largest values, the largest first. */
export function largest(values: ArrayLike<number>, count: number): number[] {
  return Array.from(values, (_, index) => index)
    .sort((a, b) => values[b]! - values[a]! || a - b)
    .slice(0, count);
}

function agreement(
  lists: readonly (readonly number[])[],
  count: number,
  { train, test }: { readonly train: Half; readonly test: Half },
): { readonly same: number; readonly voted: number } {
  let [same, voted] = [0, 0];
  lists.forEach((list, index) => {
    const labels = list.slice(0, count).map((example) => train.labels[example]!);
    same += labels.filter((label) => label === test.labels[index]).length / labels.length;
    if (vote(labels) === test.labels[index]) voted++;
  });
  return { same: same / lists.length, voted: voted / lists.length };
}

/** The most frequent label; of equally frequent ones the first. */
function vote(labels: readonly number[]): number {
  const times = (label: number): number => labels.filter((other) => other === label).length;
  return labels.reduce((best, label) => (times(label) > times(best) ? label : best));
}

/** Training digits by the cosine and by the distance of their pixels to every test digit. */
async function alikeInPixels(train: Half, test: Half, count: number): Promise<number[][][]> {
  const [products, squares] = tf.tidy(() => {
    const [x, y] = [train, test].map(({ pictures: { data, shape } }) =>
      tf.tensor2d(data, shape as [number, number]),
    );
    return [matMul(y!, x!, { transposeB: true }), tf.sum(tf.square(x!), 1)];
  });
  const inner = (await products!.data()) as Float32Array;
  const lengths = (await squares!.data()) as Float32Array;
  tf.dispose([products!, squares!]);
  const examples = lengths.length;
  const likest = (likeness: (product: number, square: number) => number): number[][] =>
    test.labels.map((_, index) =>
      largest(
        Array.from(lengths, (square, example) => likeness(inner[index * examples + example]!, square)),
        count,
      ),
    );
  // Of one test digit: what depends on it alone makes no difference.
  return [
    likest((product, square) => product / Math.sqrt(square || 1)),
    likest((product, square) => 2 * product - square),
  ];
}
