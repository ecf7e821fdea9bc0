import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import type { HostExamples } from '@unrolled/unroll';
import { beforeAll, describe, expect, test } from 'vitest';
import { overtakes, reaches, timeRatios } from '../src/lsalsa/claims.ts';
import { columns, slice, stacked, sum } from '../src/lsalsa/examples.ts';
import type { JobResult } from '../src/lsalsa/job.ts';
import { componentOf, measure, misclassified } from '../src/lsalsa/measures.ts';
import {
  drawSettings,
  encodeAll,
  type Method,
  methods,
  networkOf,
  withRates,
} from '../src/lsalsa/methods.ts';
import type { PartResult } from '../src/lsalsa/part.ts';
import { drawnAlbum } from '../src/lsalsa/pictures.ts';
import { loadScenario, type Scenario, saveScenario } from '../src/lsalsa/scenario.ts';
import { trainBest } from '../src/lsalsa/training.ts';
import { trainClassifier } from '../src/pictures/classifier.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const rows = (...values: number[][]): HostExamples => stacked(values.map((row) => Float32Array.from(row)));

const scenario: Scenario = {
  // Two dictionaries of two features and two atoms.
  atoms: [rows([1, 0], [0, 1]), rows([1, 2], [1, -1])],
  weights: [0.1, 0.2],
  penalty: 10,
  train: { signals: rows([1, 2]), targets: rows([1, 0, 0, 1]) },
  test: { signals: rows([1, 2], [3, 4]), targets: rows([1, 0, 0, 0], [0, 0, 2, 0]) },
  components: [rows([1, 0], [0, 0]), rows([0, 0], [2, 2])],
  probe: { weights: rows([1, 0], [0, 1], [0, 0.5]), labels: rows([0], [1]), group: 1 },
};

describe('examples', () => {
  test('are cut by rows and by columns, and added', () => {
    const examples = rows([1, 2, 3], [4, 5, 6]);
    expect(slice(examples, 1, 9)).toEqual(rows([4, 5, 6]));
    expect(columns(examples, 1, 3)).toEqual(rows([2, 3], [5, 6]));
    expect(sum([examples, examples])).toEqual(rows([2, 4, 6], [8, 10, 12]));
  });
});

describe('measures', () => {
  const codes = rows([1, 0, 0, 0], [0, 0, 1, 1]);

  test('of codes: error, zeros, components, classification', () => {
    const found = measure(scenario, codes, codes);
    // Of eight entries two are off by one.
    expect(found.rmse).toBeCloseTo(0.5, 6);
    expect(found.relative).toBeCloseTo(Math.sqrt(2 / 5), 6);
    expect(found.sparsity).toBe(5 / 8);
    expect(found.cloud).toEqual([
      [0.75, 0],
      // √½ to four digits.
      [0.5, Number(Math.SQRT1_2.toPrecision(4))],
    ]);
    expect(componentOf(scenario, codes, 1)).toEqual(rows([0, 0], [3, 0]));
    // Peak 2, mean square of (3 − 2, 0 − 2) and two zeros.
    expect(found.psnr[1]).toBeCloseTo(20 * Math.log10(2) - 10 * Math.log10(5 / 4), 6);
    // Scores of the second: only the offset, which is for class 1.
    expect(found.misclassified).toBe(0);
  });

  test('a classifier learns what can be told apart, and is read as it was trained', async () => {
    const draw = random(3);
    const labels = Array.from({ length: 60 }, (_, index) => index % 3);
    const codes = stacked(
      labels.map((label) =>
        Float32Array.from({ length: 6 }, (_, j) => (j === label ? 2 : 0) + 0.3 * draw.normal()),
      ),
    );
    const { weights, wrong } = await trainClassifier(codes, labels, 500);
    expect(wrong).toBe(0);
    const probe = { weights, labels: stacked(labels.map((label) => Float32Array.of(label))), group: 1 };
    expect(misclassified(probe, codes, 6)).toBe(0);
    // The same codes, two signals a picture.
    const halves = { data: codes.data, shape: [120, 3] };
    expect(misclassified({ ...probe, group: 2 }, halves, 3)).toBe(0);
  });
});

test('a scenario is read as it was written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scenario-'));
  try {
    const path = join(folder, 'scenario.safetensors');
    await saveScenario(path, scenario);
    expect(await loadScenario(path)).toEqual(scenario);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('settings: the published first, the others around them, one α for methods that do not split', () => {
  for (const method of methods) {
    const settings = drawSettings(scenario, method, 20, random(1));
    const splits = method === 'salsa' || method === 'lsalsa';
    expect(settings).toHaveLength(20);
    if (splits) expect(settings[0]).toMatchObject({ weights: [0.1, 0.2], penalty: 10, code: 'x' });
    for (const { weights, penalty, rate } of settings) {
      expect(weights).toHaveLength(2);
      if (!splits) expect(weights[0]).toBe(weights[1]);
      expect(penalty !== undefined).toBe(splits);
      expect(rate).toBeUndefined();
    }
  }
});

test('ways to be trained: rates in parts of what moves a matrix as a map, smaller for more layers', () => {
  const settings = drawSettings(scenario, 'lsalsa', 40, random(1));
  const [shallow, deep] = [1, 100].map((layers) => withRates(settings, { atoms: 200, layers }, random(2)));
  for (const [index, { weights, optimizer, rate }] of shallow!.entries()) {
    expect(weights).toEqual(settings[index]!.weights);
    // The same draws: a tenth for Adam, a hundredth for plain gradient descent.
    expect(deep![index]!.rate! / rate!).toBeCloseTo(optimizer === 'adam' ? 0.1 : 0.01, 12);
    if (optimizer === 'adam') expect(rate! * 200).toBeLessThanOrEqual(0.3);
  }
  expect(new Set(shallow!.map(({ optimizer }) => optimizer))).toEqual(new Set(['adam', 'sgd']));
});

test('a network that no epoch makes better is left untrained, and one that gets better as it was at its best', async () => {
  const draw = random(3);
  const numbers = (length: number) => Float32Array.from({ length }, () => draw.normal());
  const signals = { data: numbers(60 * 2), shape: [60, 2] };
  const setting = { ...drawSettings(scenario, 'lsalsa', 1, draw)[0]!, optimizer: 'adam' as const, decay: 1 };
  for (const rate of [100, 1e-3]) {
    const network = await networkOf(scenario, 'lsalsa', 2, setting);
    const before = await Promise.all(network.trainable.map((variable) => variable.data()));
    const width = (await encodeAll(network, 'lsalsa', signals)).codes.shape[1]!;
    const targets = { data: numbers(60 * width), shape: [60, width] };
    const { losses, best } = await trainBest(
      network,
      'lsalsa',
      { signals, targets },
      { ...setting, rate },
      { epochs: 3, batchSize: 20 },
    );
    expect(losses[best]).toBe(Math.min(...losses));
    const after = await Promise.all(network.trainable.map((variable) => variable.data()));
    if (rate === 100) expect(best).toBe(0);
    expect(JSON.stringify(after) === JSON.stringify(before)).toBe(best === 0);
    network.dispose();
  }
});

test('claims are read off the curves', () => {
  const run = (method: Method, layers: number, rmse: number) => ({ method, layers, rmse }) as JobResult;
  const runs = [
    run('lsalsa', 1, 0.2),
    run('lsalsa', 5, 0.1),
    run('salsa', 1, 0.4),
    run('salsa', 5, 0.05),
    run('fista', 1, 0.4),
    run('fista', 5, 0.3),
  ];
  const timings = runs.map(({ method, layers }) => ({ method, layers, microseconds: layers }));
  const part = { runs, timings } as unknown as PartResult;
  expect(reaches(part, 'salsa', 0.2)).toBe(5);
  expect(reaches(part, 'fista', 0.2)).toBeUndefined();
  expect(overtakes(part, 'salsa')).toBe(5);
  expect(overtakes(part, 'fista')).toBeUndefined();
  expect(timeRatios(part)).toEqual([
    { layers: 1, by: 5, ratio: 5 },
    { layers: 5, by: 5, ratio: 1 },
  ]);
});

test('pictures that are drawn come with labels, other ones in every half', async () => {
  const album = drawnAlbum();
  const [train, again, other] = [
    await album.digits('train'),
    await album.digits('train'),
    await album.digits('test'),
  ];
  expect(train).toEqual(again);
  expect(train.images[0]!.data).not.toEqual(other.images[0]!.data);
  expect(new Set(train.labels)).toEqual(new Set([0, 1]));
  expect((await album.photographs('train')).length).toBeGreaterThan(0);
});
