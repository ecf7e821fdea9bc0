import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { closeInitialisation } from '@unrolled/data';
import { dictionaryError } from '@unrolled/metrics';
import { type Crsae, type CrsaeOptions, crsae } from '../src/index.ts';

/** Windows that are made of known filters, on any number of electrodes. */
export interface World {
  readonly windows: { readonly data: Float32Array; readonly shape: readonly number[] };
  /** `[time, channels, atoms]`, norm 1. */
  readonly filters: Float32Array;
  readonly shape: readonly [number, number, number];
  readonly codeLength: number;
}

/** The noise of every world, σ. Spikes have an amplitude of 10 ± 1. */
export const deviation = 0.3;

/** `examples` windows with two spikes of each filter, stride-1 places on a grid of `stride`. */
export function makeWorld(options: {
  readonly seed: number;
  readonly examples: number;
  readonly time: number;
  readonly length: number;
  readonly atoms: number;
  readonly channels?: number;
  readonly stride?: number;
  readonly signed?: boolean;
}): World {
  const { seed, examples, time, length, atoms, channels = 1, stride = 1, signed = false } = options;
  const draw = random(seed);
  const filters = new Float32Array(length * channels * atoms);
  for (let atom = 0; atom < atoms; atom++) {
    const middle = (length - 1) / 2;
    // Rough waveforms under a bell: their cross-correlations are small, as those of the simulation of 2.10.
    const values = Array.from({ length: length * channels }, (_, index) => {
      const k = Math.floor(index / channels);
      return draw.normal() * Math.exp(-(((k - middle) / (length / 3)) ** 2));
    });
    const norm = Math.hypot(...values);
    values.forEach((value, index) => {
      filters[index * atoms + atom] = value / norm;
    });
  }
  const codeLength = (time - length) / stride + 1;
  const data = Float32Array.from({ length: examples * time * channels }, () => draw.normal(0, deviation));
  for (let example = 0; example < examples; example++)
    for (let atom = 0; atom < atoms; atom++)
      for (const half of [0, 1]) {
        const start =
          Math.floor((half * codeLength) / 2) + draw.integer(Math.floor(codeLength / 2 - length / stride));
        const amplitude = draw.normal(10, 1) * (signed && draw.uniform() < 0.5 ? -1 : 1);
        for (let index = 0; index < length * channels; index++)
          data[(example * time + start * stride) * channels + index]! +=
            amplitude * filters[index * atoms + atom]!;
      }
  return {
    windows: { data, shape: [examples, time, channels] },
    filters,
    shape: [length, channels, atoms],
    codeLength,
  };
}

/** The network of a world, from the true filters, others, or ones near the truth (errors of 0.4 to 0.5). */
export async function networkOf(
  world: World,
  options: Omit<CrsaeOptions, 'filters'> & { readonly from?: 'truth' | 'near' | Float32Array },
): Promise<Crsae> {
  const { from = 'truth', ...rest } = options;
  const near = () =>
    closeInitialisation({ data: world.filters, shape: world.shape, dtype: 'float32' }, random(1)).data;
  const values = from === 'truth' ? world.filters : from === 'near' ? near() : from;
  const filters = tf.tensor3d(values, [...world.shape]);
  const network = await crsae({ ...rest, filters });
  filters.dispose();
  return network;
}

/** Shift-aware errors of a network's filters. */
export async function errorsOf(network: Crsae, { filters, shape }: World): Promise<number[]> {
  const data = await network.variables['operator.filters']!.data();
  return Array.from(dictionaryError({ data: filters, shape }, { data, shape }).errors);
}

/** A variable's numbers now. */
export const numbers = (network: Crsae, name: string): number[] =>
  Array.from(network.variables[name]!.dataSync());
