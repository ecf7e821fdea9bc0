import { useBackend } from '@unrolled/backend';
import { expect, test } from 'vitest';
import { readCodeSpace } from '../../src/sparse-code/code-space.ts';
import type { FistaSteps } from '../../src/sparse-code/fista-steps.ts';
import { hostEncoder } from '../../src/sparse-code/host/encoder.ts';
import { hostSearch } from '../../src/sparse-code/host/search.ts';
import type { SparseCode } from '../../src/sparse-code/sparse-solver.ts';
import type { StretchSearch } from '../../src/sparse-code/stretch.ts';
import { wasmEncoder } from '../../src/sparse-code/wasm/encoder.ts';
import { wasmSearch } from '../../src/sparse-code/wasm/search.ts';
import { haloPass, type Pass, seamPass } from '../../src/sparse-code/windows.ts';
import { type Drawn, draw, onDevice, violationOf } from './reference.ts';

await useBackend('wasm');

function run(pass: Pass, { y, positions }: Drawn) {
  const windows = pass(y, positions, true);
  const progress: number[] = [];
  let turn = windows.next();
  while (!turn.done) {
    progress.push(turn.value);
    turn = windows.next();
  }
  return { ...turn.value, progress };
}

function denseOf({ positions, atoms }: Drawn, events: SparseCode): Float32Array {
  const code = new Float32Array(positions * atoms);
  events.positions.forEach((position, index) => {
    code[position * atoms + events.atoms[index]!] = events.values[index]!;
  });
  return code;
}

/** Dense codes of smooth filters: what is at one end of a window is felt at the other. */
const dense = { length: 6, positions: 3000, weight: 0.05, density: 0.2, atoms: 2, nonNegative: false };

const options = (reach: number) => ({ reach, maxUpdates: 1e6, overlap: 6 });

test.each([
  ['host', hostSearch],
  ['wasm', wasmSearch],
] as const)('%s: windows that feel each other meet the tolerance as if there were none', async (_, make) => {
  const drawn = draw(dense);
  const { problem } = onDevice(drawn);
  const space = await readCodeSpace('test', problem);
  const search = make(space, 1e-3)!;
  let stretches = 0;
  const narrow: StretchSearch = {
    ...search,
    capacity: 1,
    search: (...given) => {
      stretches++;
      return search.search(...given);
    },
  };
  const { events, violation, progress } = run(seamPass(narrow, options(space.reach)), drawn);
  // 3000 positions in windows of 24 that overlap by 6; more stretches are repairs.
  expect(progress.length).toBe(167);
  expect(progress.at(-1)).toBe(3000);
  expect(stretches).toBeGreaterThan(200);
  expect(violationOf(drawn, denseOf(drawn, events))).toBeLessThan(1.02e-3);
  expect(violation).toBeLessThan(1.0001e-3);
  search.dispose();
});

test('a window that was never repaired is seen', async () => {
  const drawn = draw(dense);
  const space = await readCodeSpace('test', onDevice(drawn).problem);
  const search = hostSearch(space, 1e-3);
  const still = { first: 1, last: 0 };
  const blind: StretchSearch = {
    ...search,
    capacity: 1,
    search: (...given) => ({ ...search.search(...given), changes: still }),
  };
  const { events } = run(seamPass(blind, options(space.reach)), drawn);
  expect(violationOf(drawn, denseOf(drawn, events))).toBeGreaterThan(1e-2);
});

test.each([
  ['host', hostEncoder],
  ['wasm', wasmEncoder],
] as const)('%s: windows with their halos give the code of the whole, to the bit', async (_, make) => {
  for (const sizes of [
    { ...dense, positions: 1500 },
    { stride: 3, length: 10, channels: 2, positions: 900 },
  ]) {
    const drawn = draw(sizes);
    const { problem } = onDevice(drawn);
    const space = await readCodeSpace('test', problem);
    const steps: FistaSteps = {
      step: 1 / (await problem.operator.lipschitz()),
      momenta: Float64Array.of(0, 0.3, 0.4, 0.5),
    };
    const encoder = make(space, steps)!;
    const halo = 5 * space.reach;
    const whole = run(haloPass({ ...encoder, capacity: 1e5 }, halo), drawn);
    const windows = run(haloPass({ ...encoder, capacity: 1 }, halo), drawn);
    expect(whole.progress.length).toBe(1);
    expect(windows.progress.length).toBeGreaterThan(5);
    // The analysis sums in an order of its own at the edges of a stretch: some last bits.
    const [one, other] = [denseOf(drawn, whole.events), denseOf(drawn, windows.events)];
    one.forEach((value, entry) => {
      expect(Math.abs(value - other[entry]!)).toBeLessThan(2e-6);
    });
    expect(windows.violation).toBeCloseTo(whole.violation, 4);
    encoder.dispose();
  }
});
