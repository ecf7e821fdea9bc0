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

describe.skipIf(!chromium).each([
  {
    title: 'a plain page',
    isolated: false,
    device: 'WebAssembly, SIMD, 1 thread',
    threads: 1,
    variant: /^(plain|relaxed)$/,
  },
  {
    title: 'a page that is cross-origin isolated',
    isolated: true,
    device: 'WebAssembly, SIMD, 1 thread, shared memory',
    threads: 1,
    variant: /^shared/,
  },
])('$title', ({ title: _, variant, ...facts }) => {
  it('encodes and trains as plain JavaScript does in Node', async () => {
    const { values, ...report } = await visit(facts.isolated);
    expect(report).toEqual({ ...facts, variant: expect.stringMatching(variant), leaked: 0 });
    for (const { name, tolerance } of checks) {
      const found = Object.entries(values[name]!).map(([key, array]) => [key, Float32Array.from(array)]);
      const { error, flips } = compare(Object.fromEntries(found), expected.get(name)!);
      // Float32 against float32, by the check's own tolerance. No pre-activation of these is within rounding of its threshold.
      expect([name, flips]).toEqual([name, 0]);
      expect(error, name).toBeLessThan(tolerance);
    }
  });
});
