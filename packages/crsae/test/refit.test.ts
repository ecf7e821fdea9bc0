import { random } from '@unrolled/contracts';
import { describe, expect, it } from 'vitest';
import { leastSquaresFilters, pickSpikes, refitFilters, type Spike } from '../src/index.ts';

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
