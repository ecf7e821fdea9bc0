import type { Tensor } from '@tensorflow/tfjs-core';
import { requireKnownOptions, requireShape } from '@unrolled/contracts';
import type { Pudle } from '../pudle.ts';
import { layerCodes } from './layer-codes.ts';

/** What the supports of codes look like after one layer. */
export interface LayerSupport {
  readonly layer: number;
  /** Entries that are not zero, the mean over the signals. */
  readonly active: number;
  /** The share of signals whose signed support is that of the last layer. */
  readonly settled: number;
  /** The share of signals whose signed support is that of the true code, where codes were given. */
  readonly correct?: number;
}

/** When and whether supports are found. */
export interface SupportSelection {
  readonly layers: readonly LayerSupport[];
  /** For every signal the first layer after which its signed support no longer changes; T + 1 is never. */
  readonly settledAt: Int32Array;
}

/**
 * At which layer the encoder has found its support: "support selection", after which the code converges linearly and its Jacobian
 * with it. Backpropagation before it can be unstable.
 *
 * @param y signals `[batch, …]`, lent
 * @param options.codes the codes that the signals were made of, `[batch, …]`, lent
 * @example
 * const { settledAt, layers } = await supportSelection(network, y);
 * @see Tolooshams & Ba (2022), theorems on support selection and preservation
 */
export async function supportSelection(
  network: Pudle,
  y: Tensor,
  options: { readonly codes?: Tensor } = {},
): Promise<SupportSelection> {
  requireKnownOptions('supportSelection', options, ['codes']);
  const { codes } = options;
  if (codes)
    requireShape('codes', codes.shape, network.problem().operator.codeShape(y.shape), 'codes of the signals');
  const signs: Int8Array[] = [];
  for await (const { code } of layerCodes(network, y)) signs.push(signsOf(await code.data()));
  const examples = y.shape[0]!;
  const size = signs[0]!.length / examples;
  const truth = codes && signsOf(await codes.data());
  const last = signs.at(-1)!;
  const settledAt = new Int32Array(examples);
  const layers = signs.map((now, index): LayerSupport => {
    const like = (other: Int8Array): boolean[] =>
      Array.from({ length: examples }, (_, example) => sameRow(now, other, example, size));
    for (const [example, same] of like(last).entries()) if (!same) settledAt[example] = index + 1;
    return {
      layer: index + 1,
      active: now.reduce((sum, sign) => sum + Math.abs(sign), 0) / examples,
      settled: share(like(last)),
      ...(truth && { correct: share(like(truth)) }),
    };
  });
  // The layer after the last one whose support was another.
  return { layers, settledAt: settledAt.map((layer) => layer + 1) };
}

const signsOf = (values: ArrayLike<number>): Int8Array => Int8Array.from(values, Math.sign);
const share = (list: readonly boolean[]): number => list.filter((value) => value).length / list.length;

function sameRow(a: Int8Array, b: Int8Array, row: number, size: number): boolean {
  for (let index = row * size; index < (row + 1) * size; index++) if (a[index] !== b[index]) return false;
  return true;
}
