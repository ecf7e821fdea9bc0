import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../src/backends/checks.ts';
import { compare, type Values } from '../src/backends/compare.ts';
import { chromium, visit } from './browser/chromium.ts';

// The only place where tfjs's memory is shared between threads, and with it the only one where the kernels for such memory run.

if (!chromium) console.warn('skipped in a browser: none at /usr/bin/chromium, nor where CHROMIUM says');

const expected = new Map<string, Values>();

beforeAll(async () => {
  if (!chromium) return;
  await useBackend('cpu');
  for (const { name, run } of checks) expected.set(name, await run());
});

const plain = { isolated: false, device: 'WebAssembly, SIMD, 1 thread' };
const shared = { isolated: true, device: 'WebAssembly, SIMD, 1 thread, shared memory' };

describe.skipIf(!chromium).each([
  { title: 'a plain page', ...plain, relaxed: true, variant: 'relaxed' },
  { title: 'a page that is cross-origin isolated', ...shared, relaxed: true, variant: 'sharedRelaxed' },
  { title: 'a plain page without relaxed SIMD', ...plain, relaxed: false, variant: 'plain' },
  { title: 'one that is isolated without relaxed SIMD', ...shared, relaxed: false, variant: 'shared' },
])('$title', ({ title: _, relaxed, ...facts }) => {
  it('encodes and trains as plain JavaScript does in Node, and every kernel is float64 up to rounding', {
    timeout: 150_000,
  }, async () => {
    const { values, tried, ...report } = await visit({ isolated: facts.isolated, relaxed });
    expect(report).toEqual({ ...facts, threads: 1, leaked: 0, broken: [] });
    expect(tried).toBeGreaterThan(0);
    for (const { name, tolerance } of checks) {
      const found = Object.entries(values[name]!).map(([key, array]) => [key, Float32Array.from(array)]);
      const { error, flips } = compare(Object.fromEntries(found), expected.get(name)!);
      // Float32 against float32, by the check's own tolerance. No pre-activation of these is within rounding of its threshold.
      expect([name, flips]).toEqual([name, 0]);
      expect(error, name).toBeLessThan(tolerance);
    }
  });
});
