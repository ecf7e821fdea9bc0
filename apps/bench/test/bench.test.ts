import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BenchContext, Case } from '../src/benchmark.ts';
import { cases } from '../src/cases/index.ts';
import { describeMachine } from '../src/machine.ts';
import { benchOptions } from '../src/options.ts';
import { consoleReport } from '../src/report/console.ts';
import { type BenchJson, benchJson } from '../src/report/json.ts';
import { writePage } from '../src/report/write-page.ts';
import { runCase } from '../src/run-case.ts';

let folder: string;
let context: BenchContext;
const machine = describeMachine({ name: 'wasm', device: 'test', software: false }, 0);
const named = (name: string): Case => cases.find((one) => one.name === name)!;

beforeAll(async () => {
  await useBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'unrolled-bench-test-'));
  context = {
    size: 'smoke',
    peers: { names: new Set(), python: undefined },
    python: () => {
      throw new Error('no peer was asked for');
    },
    folder,
    log: () => {},
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('cases', () => {
  // Those that start programs of their own besides stock tfjs, or learn for seconds, are run by `pnpm bench --size smoke`.
  test.each([
    'sort',
    'sort-channels',
    'encoder-2d',
    'training-step-2d',
    'filter-gradient-1d',
    'filter-gradient-2d',
    'dense-unrolled',
    'lasso',
    'mat-mul',
    'encoder',
    'gradient',
  ])('%s runs, its variants agree, and nothing is left', async (name) => {
    const before = tf.memory().numTensors;
    const result = await runCase(named(name), context);
    expect(tf.memory().numTensors).toBe(before);
    expect(result.missing).toEqual([]);
    expect(result.variants[0]!.name).toBe('unrolled');
    for (const { seconds, runs, scaled, error } of result.variants) {
      expect(seconds).toBeGreaterThan(0);
      expect(runs).toBe(1);
      expect(scaled).toBeGreaterThanOrEqual(1);
      expect(Number.isFinite(error)).toBe(true);
    }
    // Float32 against float32 in another order of sums, of up to thirty layers; the decoder alone is another gradient.
    const same = result.variants.filter(
      (variant) => !/last|decoder|sort|lasso/.test(`${name} ${variant.name}`),
    );
    for (const { error } of same) expect(error).toBeLessThan(1e-3);
  });

  test('coding a recording: exact to its tolerance, and all forms of thirty iterations have one objective', async () => {
    const { variants, figures } = await runCase(named('sort'), context);
    const found = (name: string) => variants.find((variant) => variant.name === name)!;
    expect(Math.abs(found('unrolled').error!)).toBeLessThan(1e-6);
    expect(figures.map(({ met }) => met)).toEqual([true]);
    // Relative, of a float64 objective of float32 codes.
    for (const name of ['tfjs-flipped', 'tfjs-polyphase'])
      expect(found(name).objective! / found('tfjs').objective!).toBeCloseTo(1, 6);
  });
});

test('what --json writes', async () => {
  const result = await runCase(named('mat-mul'), context);
  const json = JSON.parse(JSON.stringify(benchJson(machine, [result]))) as BenchJson;
  expect(Object.keys(json)).toEqual(['machine', 'cases']);
  expect(Object.keys(json.cases[0]!)).toEqual(['name', 'variants']);
  for (const variant of json.cases[0]!.variants)
    expect(Object.keys(variant).sort()).toEqual(
      ['name', 'version', 'threads', 'seconds', 'runs', 'objective', 'error', 'scaled'].sort(),
    );
  expect(json.cases[0]!.variants.map(({ name }) => name)).toEqual(['unrolled', 'tfjs']);
});

test('a page is written, and a later run of one case leaves the others on it', async () => {
  const file = join(folder, 'page.md');
  const [one, other] = [named('mat-mul'), named('gradient')];
  await writePage(file, cases, machine, [await runCase(one, context)]);
  await writePage(file, cases, machine, [await runCase(other, context)]);
  const text = await readFile(file, 'utf8');
  for (const heading of ['# Benchmarks', '## mat-mul', '## gradient', '## Versions'])
    expect(text).toContain(heading);
  expect(await readFile(join(folder, 'page', 'mat-mul.svg'), 'utf8')).toMatch(/^<svg /);
  expect(consoleReport(one, await runCase(one, context))).toContain('tfjs');
});

test('a peer that is asked for and not there is skipped, with what to do about it', async () => {
  const asked: BenchContext = { ...context, peers: { names: new Set(['pytorch']), python: undefined } };
  const { missing } = await runCase(named('encoder'), asked);
  expect(missing).toEqual([{ name: 'pytorch', reason: expect.stringContaining('peers/install.mjs') }]);
});

describe('the command line', () => {
  const read = (...args: string[]) => benchOptions(args, cases, folder);
  test('runs all but what takes minutes, or what is named', () => {
    expect(read().cases.map(({ name }) => name)).not.toContain('file');
    expect(read('file').cases.map(({ name }) => name)).toEqual(['file']);
    expect([...read('--peers', 'sporco,alphacsc').peers.names]).toEqual(['sporco', 'alphacsc']);
    expect(read('--peers', 'none').peers.names.size).toBe(0);
  });
  test.each([
    ['CASE', ['nothing']],
    ['--peers', ['--peers', 'fortran']],
    ['--python', ['--python', '/nowhere/python']],
    ['--size', ['--size', 'huge']],
  ])('refuses a wrong %s', (name, args) => {
    expect(() => read(...args)).toThrowError(
      expect.objectContaining({ name: 'UnrolledError', message: expect.stringContaining(name) }),
    );
  });
});
