import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import type { Source } from '../src/index.ts';

const generator = (seed: number) => random(seed);

/** Atoms of unit norm, drawn anew for every seed. */
export function drawAtoms(features: number, count: number, seed: number): tf.Tensor {
  const draw = generator(seed);
  return tf.tidy(() => {
    const raw = tf.tensor2d(
      Float32Array.from({ length: features * count }, () => draw.normal()),
      [features, count],
    );
    return tf.div(raw, tf.norm(raw, 2, 0));
  });
}

/** One source, two, or three, for signals of 12 features. */
export function drawSources(count: 1 | 2 | 3): Source[] {
  return Array.from({ length: count }, (_, index) => ({
    atoms: drawAtoms(12, 8 + index, 20 + index),
    weight: 0.1 * (index + 1),
  }));
}

/** Signals of a few atoms of every source and a little noise, on the host. */
export async function drawSignals(sources: readonly Source[], examples: number, seed = 1) {
  const draw = generator(seed);
  const features = sources[0]!.atoms.shape[0]!;
  const data = Float32Array.from({ length: examples * features }, () => 0.02 * draw.normal());
  for (const { atoms } of sources) {
    const [values, count] = [await atoms.data(), atoms.shape[1]!];
    for (let example = 0; example < examples; example++) {
      for (const amplitude of [1.5, -1]) {
        const atom = draw.integer(count);
        for (let k = 0; k < features; k++)
          data[example * features + k]! += amplitude * values[k * count + atom]!;
      }
    }
  }
  return { data, shape: [examples, features] as const };
}

/** ‖a − b‖ / ‖b‖ */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return Math.sqrt(difference / Math.max(size, 1e-300));
}
