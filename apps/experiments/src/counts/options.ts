import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Prior } from '@unrolled/contracts';
import { l1, signed, supported, topK } from '@unrolled/prox';
import type { TrialSet } from './trials.ts';

/** What a network of recorded trials is told about atoms and codes. */
export interface NetworkOptions {
  readonly name: string;
  /** Weight of the atoms' roughness in the loss over the number of spikes; 0 for none. */
  readonly smoothness: number;
  /** Codes have either sign. */
  readonly signed?: boolean;
  /** At most so many events of an atom in a group. */
  readonly most?: number;
  /** Events begin in the window of the set. */
  readonly known?: boolean;
  /** Weight of the prior in learning, over σ √(2 ln(C N_e)); default 1. A support that is known keeps false events out by itself. */
  readonly weight?: number;
  /** Predictions by events and filters refitted without the prior, as `refitOnEvents`. */
  readonly refit?: boolean;
}

const smoothness = 3;

/** One thing at a time, and what helped together. */
export const networkOptions: readonly NetworkOptions[] = [
  { name: 'plain', smoothness: 0 },
  { name: 'smooth atoms', smoothness },
  { name: 'smooth, codes of either sign', smoothness, signed: true },
  { name: 'smooth, top 3', smoothness, most: 3 },
  { name: 'smooth, known support', smoothness, known: true, weight: 0.05 },
  { name: 'smooth, known support, refitted', smoothness, known: true, weight: 0.05, refit: true },
];

/** What later work of the same group recommends, and so what is shown and compared with peers: not the best in hindsight. */
export const recommended = networkOptions.find(({ known, refit }) => known && !refit)!;

/** ℓ1 of this weight on every atom, as the options say; fresh tensors, the caller's. */
export function priorOf(options: NetworkOptions, set: TrialSet, weight: number): Prior {
  const each = l1(new Array<number>(set.atoms).fill(weight));
  const own = options.signed ? each : signed(each, 1);
  const few = options.most === undefined ? own : topK(own, { count: options.most, axes: [1] });
  return options.known ? supported(few, mask(set)) : few;
}

/** 1 where an event that begins in the window has its place, for each atom alike: `[places, atoms]`. */
function mask(set: TrialSet): Tensor {
  const places = set.counts.shape[2] - set.atomLength + 1;
  const [from, to] = set.window;
  const values = new Float32Array(places * set.atoms);
  for (let place = 0; place < places; place++) {
    const time = set.start + place * set.bin;
    if (time >= from && time <= to) values.fill(1, place * set.atoms, (place + 1) * set.atoms);
  }
  return tf.tensor2d(values, [places, set.atoms]);
}
