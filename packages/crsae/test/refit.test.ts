import * as tf from '@tensorflow/tfjs-core';
import { random } from '@unrolled/contracts';
import { lasso } from '@unrolled/unroll';
import { describe, expect, it } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import {
  type Crsae,
  leastSquaresFilters,
  pickSpikes,
  refitFilters,
  refitStage,
  type Spike,
} from '../src/index.ts';
import { normals } from './tensors.ts';
import { errorsOf, makeWorld, networkOf, numbers } from './world.ts';

watchTensors();

const length = 9;
const time = 80;

/** Two filters `[length, channels, 2]` and windows made of spikes of them, without noise. */
function world(channels: number, seed: number) {
  const draw = random(seed);
  const filters = Float32Array.from({ length: length * channels * 2 }, () => draw.normal());
  for (const atom of [0, 1]) {
    const of = (_: number, index: number) => index % 2 === atom;
    const norm = Math.hypot(...filters.filter(of));
    filters.forEach((value, index) => {
      if (index % 2 === atom) filters[index] = value / norm;
    });
  }
  const spikes: Spike[] = [];
  for (let example = 0; example < 6; example++)
    for (const atom of [0, 1])
      for (const start of [2, 30])
        spikes.push({ example, atom, place: start + draw.integer(25), amplitude: draw.uniform(2, 4) });
  return {
    filters: { data: filters, shape: [length, channels, 2] },
    spikes,
    windows: windowsOf(spikes, filters, channels),
  };
}

function windowsOf(spikes: readonly Spike[], filters: Float32Array, channels: number) {
  const data = new Float32Array(6 * time * channels);
  for (const { example, atom, place, amplitude } of spikes)
    for (let k = 0; k < length; k++)
      for (let c = 0; c < channels; c++)
        data[(example * time + place + k) * channels + c]! +=
          amplitude * filters[(k * channels + c) * 2 + atom]!;
  return { data, shape: [6, time, channels] };
}

function codesOf(spikes: readonly Spike[]) {
  const places = time - length + 1;
  const data = new Float32Array(6 * places * 2);
  for (const { example, atom, place, amplitude } of spikes)
    data[(example * places + place) * 2 + atom]! += amplitude;
  return { data, shape: [6, places, 2] };
}

describe('leastSquaresFilters', () => {
  it.each([1, 3])('finds the filters that made the windows, overlaps included (%i channels)', (channels) => {
    const { filters, spikes, windows } = world(channels, 5);
    const found = leastSquaresFilters(windows, spikes, { atoms: 2, length, margin: 2 });
    expect(found.shape).toEqual([length + 4, channels, 2]);
    found.data.forEach((value, index) => {
      const k = Math.floor(index / (2 * channels)) - 2;
      const expected = k >= 0 && k < length ? filters.data[index - 4 * channels]! : 0;
      // Float32 windows (1e-7) and a ridge of 1e-6, times the condition number of a well-separated design (below 30).
      expect(Math.abs(value - expected)).toBeLessThan(5e-5);
    });
  });

  it('with weights is the same where they are equal, and takes no account of samples that weigh nothing', () => {
    const { spikes, windows } = world(2, 7);
    const options = { atoms: 2, length, margin: 2 };
    const weights = { data: new Float32Array(6 * time).fill(3), shape: [6, time, 1] };
    const plain = leastSquaresFilters(windows, spikes, options).data;
    const equal = leastSquaresFilters(windows, spikes, { ...options, weights }).data;
    // Two ways to the same matrix, times 3; the ridge follows its diagonal. Differences at the edges of windows, where one has no samples.
    equal.forEach((value, index) => {
      expect(Math.abs(value - plain[index]!)).toBeLessThan(5e-5);
    });
    const spoiled = { data: Float32Array.from(windows.data), shape: windows.shape };
    const held = { data: Float32Array.from(weights.data), shape: weights.shape };
    for (let sample = 5; sample < 6 * time; sample += 9) {
      spoiled.data.set([1e3, -1e3], 2 * sample);
      held.data[sample] = 0;
    }
    const found = leastSquaresFilters(spoiled, spikes, { ...options, weights: held }).data;
    found.forEach((value, index) => {
      expect(Math.abs(value - plain[index]!)).toBeLessThan(5e-5);
    });
  });

  it('shrinks by the ridge', () => {
    const windows = { data: Float32Array.of(0, 2, 4, 0), shape: [1, 4, 1] };
    const spikes = [{ example: 0, atom: 0, place: 1, amplitude: 2 }];
    // (4 + ridge · 4) h = 2 · [2, 4]
    const { data } = leastSquaresFilters(windows, spikes, { atoms: 1, length: 2, ridge: 1 });
    expect(data[0]).toBeCloseTo(0.5, 12);
    expect(data[1]).toBeCloseTo(1, 12);
  });

  it('leaves an atom without spikes at zero', () => {
    const { spikes, windows } = world(1, 5);
    const found = leastSquaresFilters(
      windows,
      spikes.filter(({ atom }) => atom === 0),
      { atoms: 2, length },
    );
    expect(found.data.filter((_, index) => index % 2 === 1).every((value) => value === 0)).toBe(true);
  });
});

describe('pickSpikes', () => {
  it('gathers mass that is spread over neighbours, of one sign, and drops what is small', () => {
    const data = new Float32Array(40);
    data.set([1, 3, 2], 9); // centre of mass 10.17
    data.set([-4], 25);
    data.set([0.5], 34); // below 0.3 of the large ones
    expect(pickSpikes({ data, shape: [1, 40, 1] }, { radius: 3 })).toEqual([
      { example: 0, atom: 0, place: 25, amplitude: -4 },
      { example: 0, atom: 0, place: 10, amplitude: 6 },
    ]);
  });
  it('finds nothing in an empty code', () => {
    expect(pickSpikes({ data: new Float32Array(20), shape: [2, 5, 2] }, { radius: 2 })).toEqual([]);
  });
});

describe('refitFilters', () => {
  it('brings back a filter that drifted off its window', () => {
    const { filters, spikes, windows } = world(1, 8);
    // The learned filter 0 has lost its first two samples and gained two zeros; its spikes stand two samples late.
    const drifted = filters.data.map((value, index) =>
      index % 2 === 0 ? (filters.data[index + 4] ?? 0) : value,
    );
    const late = spikes.map((spike) => (spike.atom === 0 ? { ...spike, place: spike.place + 2 } : spike));
    const refit = refitFilters(windows, codesOf(late), {
      data: Float32Array.from(drifted),
      shape: filters.shape,
    });
    expect(refit.shifts).toEqual([-2, 0]);
    expect(refit.spikes).toEqual([12, 12]);
    for (const [index, value] of refit.filters.entries())
      expect(Math.abs(value - filters.data[index]!)).toBeLessThan(1e-4);
  });
});

describe('refitFilters with a stride', () => {
  it('knows that a position is so many samples', () => {
    const { filters, spikes } = world(1, 8);
    // Spikes on even samples, and windows of such a length that codes of stride 2 fit: 79 = 35·2 + 9.
    const even = spikes.map((spike) => ({ ...spike, place: 2 * Math.floor(spike.place / 2) }));
    const whole = windowsOf(even, filters.data, 1);
    const windows = {
      data: whole.data.filter((_, index) => index % time < time - 1),
      shape: [6, time - 1, 1],
    };
    const positions = (time - 1 - length) / 2 + 1;
    const codes = new Float32Array(6 * positions * 2);
    for (const { example, atom, place, amplitude } of even)
      codes[(example * positions + place / 2) * 2 + atom]! += amplitude;
    const noisy = filters.data.map((value, index) => value + 0.3 * Math.sin(index));
    const refit = refitFilters(
      windows,
      { data: codes, shape: [6, positions, 2] },
      { data: noisy, shape: filters.shape },
    );
    expect(refit.shifts).toEqual([0, 0]);
    for (const [index, value] of refit.filters.entries())
      expect(Math.abs(value - filters.data[index]!)).toBeLessThan(1e-4);
  });
});

describe('refitStage', () => {
  const made = makeWorld({ seed: 6, examples: 70, time: 80, length: 12, atoms: 2 });

  /** One update, and the lasso objective on all windows before and after it. */
  async function refitOnce(network: Crsae, windows = made.windows) {
    const y = tf.tensor(windows.data, [...windows.shape]);
    const objective = () => tf.tidy(() => lasso()(network, y).dataSync()[0]!);
    const before = objective();
    const reset: string[] = [];
    const told = await refitStage(windows).update({
      network,
      batch: y,
      epoch: 1,
      step: 1,
      random: random(0),
      resetOptimizer: (stage) => reset.push(stage),
    });
    const after = objective();
    y.dispose();
    return { before, after, told: told!, reset };
  }

  it('recentres a filter that was shifted by hand, and lets its optimiser begin anew', async () => {
    const atoms = 2;
    // Filter 0 has lost its first two samples, and two zeros stand at its end.
    const shifted = made.filters.map((value, i) =>
      i % atoms === 0 ? (made.filters[i + 2 * atoms] ?? 0) : value,
    );
    const network = await networkOf(made, { weight: 1, layers: 40, from: shifted });
    const { before, after, told, reset } = await refitOnce(network);
    expect(after).toBeLessThan(before);
    // Pieces of 64 windows against all 70 at once: sums in another order.
    expect(Math.abs(told / after - 1)).toBeLessThan(1e-5);
    expect(reset).toEqual(['filters']);
    const filters = numbers(network, 'operator.filters');
    const cosine = [0, 1].map((atom) =>
      filters.reduce((sum, value, i) => (i % atoms === atom ? sum + value * made.filters[i]! : sum), 0),
    );
    // Without a shift allowed: the error √(1 − cos²) is below 0.05, of which σ√K/(10·√140) = 0.01 is noise.
    for (const value of cosine) expect(value).toBeGreaterThan(Math.sqrt(1 - 0.05 ** 2));
    network.dispose();
  });

  it('never raises the lasso objective: what would is taken back', async () => {
    const noise = { data: normals(9, 20, 80, 1), shape: [20, 80, 1] };
    const silence = { data: new Float32Array(20 * 80), shape: [20, 80, 1] };
    const taken: boolean[] = [];
    for (const [from, windows, layers, weight] of [
      ['truth', made.windows, 20, 1],
      ['near', made.windows, 20, 1],
      [normals(3, 12, 1, 2), made.windows, 20, 1],
      ['truth', noise, 20, 1],
      ['truth', silence, 20, 1],
      // Codes after two layers are so far from the lasso's that filters refitted on them are worse than the true ones.
      ['truth', made.windows, 2, 1],
      ['truth', noise, 3, 0.1],
    ] as const) {
      const network = await networkOf(made, { weight, layers, from });
      const filters = numbers(network, 'operator.filters');
      const { before, after, reset } = await refitOnce(network, windows);
      // Pieces of 64 windows against all at once: sums in another order.
      expect(after).toBeLessThanOrEqual(before * (1 + 1e-6));
      taken.push(reset.length > 0);
      // Taken back, they are what they were, normed once more.
      if (reset.length === 0)
        for (const [i, value] of numbers(network, 'operator.filters').entries())
          expect(Math.abs(value - filters[i]!)).toBeLessThan(1e-6);
      network.dispose();
    }
    expect(taken.slice(-2)).toEqual([false, false]);
    expect(taken).toContain(true);
  });

  it('mends filters near the truth at once', async () => {
    const network = await networkOf(made, { weight: 3, layers: 40, from: 'near' });
    const before = await errorsOf(network, made);
    await refitOnce(network);
    const after = await errorsOf(network, made);
    after.forEach((error, atom) => {
      expect(error).toBeLessThan(before[atom]! / 2);
    });
    network.dispose();
  });
});
