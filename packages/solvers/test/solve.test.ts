import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { type Iteration, type Likelihood, type Prior, random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { conv1d } from '@unrolled/operators';
import { l0, l1 } from '@unrolled/prox';
import { describe, expect, test, vi } from 'vitest';
import {
  dualityGap,
  fista,
  type IterationRecord,
  ista,
  iterate,
  kktViolation,
  maxIterations,
  objective,
  relativeChange,
  type StopRule,
  solve,
  timeLimit,
} from '../src/index.ts';
import { lassoProblem, rows } from './lasso-problem.ts';
import { objectiveOf, optimumOf, pull, violationOf } from './reference/lasso.ts';

await useBackend('wasm');

const { problem, y, references } = lassoProblem();

describe('solve', () => {
  test('gives the code of exactly as many iterations as it was asked for', async () => {
    for (const count of [1, 7, 20]) {
      const { code, iterations, reason } = await solve(fista(problem), y, { stop: maxIterations(count) });
      expect([iterations, reason]).toEqual([count, 'maxIterations']);
      for await (const { t, state } of iterate(fista(problem), y)) {
        if (t < count) continue;
        expect(await state.x.data()).toEqual(await code.data());
        break;
      }
      code.dispose();
    }
  });

  test('converges by default, and says by which rule', async () => {
    const { code, reason, history } = await solve(fista(problem, { restart: 'gradient' }), y);
    expect(reason).toBe('relativeChange');
    expect(history.at(-1)!.measures['relativeChange']!).toBeLessThanOrEqual(1e-6);
    const codes = await rows(code);
    for (const [b, lasso] of references.entries()) expect(violationOf(lasso, codes[b]!)).toBeLessThan(1e-5);
  });

  test('leaves the code and nothing else, however it ends', async () => {
    const before = tf.memory().numTensors;
    const { code } = await solve(fista(problem), y, {
      stop: [maxIterations(25), kktViolation(1e-9), dualityGap(1e-9), relativeChange(1e-12), timeLimit(1e6)],
    });
    expect(tf.memory().numTensors).toBe(before + 1);
    code.dispose();
    const failures: [() => Promise<unknown>, string][] = [
      [() => solve(ista(problem, { step: 100 }), y, { stop: maxIterations(500) }), 'not finite'],
      [() => solve(fista(problem), y, { stop: [kktViolation(1e-3), failing] }), 'begin fails'],
      [
        () =>
          solve(fista(problem), y, {
            onIteration: () => {
              throw new Error('the caller fails');
            },
          }),
        'the caller fails',
      ],
    ];
    for (const [work, message] of failures) {
      await expect(work()).rejects.toThrow(message);
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  test('reads the device once in checkEvery iterations', async () => {
    const read = vi.spyOn(tf.Tensor.prototype, 'data');
    const reads = async (count: number, checkEvery: number) => {
      read.mockClear();
      const { code } = await solve(fista(problem), y, {
        stop: [maxIterations(count), relativeChange(1e-30), kktViolation(1e-30)],
        checkEvery,
      });
      code.dispose();
      return read.mock.calls.length;
    };
    const [few, many] = [await reads(40, 20), await reads(40, 4)];
    read.mockRestore();
    expect(many - few).toBe(8);
  });

  test('logs the mean objective and what every rule measures', async () => {
    const records: IterationRecord[] = [];
    const { code, history } = await solve(fista(problem), y, {
      stop: [maxIterations(25), kktViolation(1e-9), relativeChange(1e-9)],
      onIteration: (record) => records.push(record),
    });
    expect(records).toEqual(history);
    expect(history.map(({ iteration }) => iteration)).toEqual([10, 20, 25]);
    expect(Object.keys(history[0]!.measures)).toEqual(['kktViolation', 'relativeChange']);
    expect(history.every(Object.isFrozen)).toBe(true);
    const codes = await rows(code);
    const mean = references.reduce((sum, lasso, b) => sum + objectiveOf(lasso, codes[b]!) / 3, 0);
    expect(history.at(-1)!.objective / mean).toBeCloseTo(1, 5);
  });

  test('is aborted: before it begins, and in the middle', async () => {
    const before = tf.memory().numTensors;
    await expect(solve(fista(problem), y, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    const controller = new AbortController();
    // A timer, which is not heard unless the loop gives way to it.
    setTimeout(() => controller.abort(), 60);
    const endless = solve(ista(problem), y, { stop: timeLimit(600), signal: controller.signal });
    await expect(endless).rejects.toMatchObject({ code: 'ABORTED' });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('that diverges says so, and why', async () => {
    const diverging = solve(ista(problem, { step: 10 }), y, { stop: maxIterations(2000) });
    await expect(diverging).rejects.toMatchObject({ code: 'DIVERGED', message: /ista .* step above 2/ });
  });

  test.each([
    [
      () => solve(fista(problem), tf.tensor2d([[1, Number.NaN]])),
      'NOT_FINITE',
      'y: expected finite numbers, got NaN at index 1',
    ],
    [() => solve(fista(problem), tf.zeros([2, 5])), 'INVALID_SHAPE', '5'],
    [() => solve(fista(problem), tf.zeros([0, 12])), 'INVALID_SHAPE', 'y: expected a batch of signals'],
    [
      () => solve(fista(problem), tf.zeros([2, 12], 'int32')),
      'INVALID_DTYPE',
      'y: expected a float32 tensor',
    ],
    [() => solve(fista(problem), [1, 2] as never), 'INVALID_ARGUMENT', 'y: expected a tensor of signals'],
    [
      () => solve(fista(problem), y, { stop: [] }),
      'INVALID_ARGUMENT',
      'stop: expected at least one stop rule',
    ],
    [
      () => solve(fista(problem), y, { checkEvery: 0 }),
      'INVALID_ARGUMENT',
      'checkEvery: expected a whole number',
    ],
    [() => solve(fista(problem), y, { tol: 1 } as never), 'UNKNOWN_OPTION', 'solve: unknown option "tol"'],
  ])('refuses %#', async (work, code, message) => {
    await expect(work()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe('stop rules', () => {
  test('kktViolation is the violation relative to the weight that makes all zero', async () => {
    const { code, history } = await solve(fista(problem), y, {
      stop: [maxIterations(30), kktViolation(1e-12)],
    });
    const codes = await rows(code);
    const expected = references.map((lasso, b) => {
      const scale = Math.max(...pull(lasso, new Float32Array(20)).map(Math.abs));
      return violationOf(lasso, codes[b]!) / scale;
    });
    // A violation is a difference of numbers of order 0.2 in float32.
    expect(history.at(-1)!.measures['kktViolation']).toBeCloseTo(Math.max(...expected), 6);
  });

  test('kktViolation stops where it is met by the worst example', async () => {
    const { code, reason } = await solve(fista(problem), y, { stop: kktViolation(1e-4) });
    expect(reason).toBe('kktViolation');
    const codes = await rows(code);
    for (const [b, lasso] of references.entries()) {
      const scale = Math.max(...pull(lasso, new Float32Array(20)).map(Math.abs));
      expect(violationOf(lasso, codes[b]!)).toBeLessThan(1.01e-4 * scale);
      // By convexity F(x) − F* ≤ max |violation| · ‖x − x*‖₁: small violations are nearly optimal codes.
      const best = optimumOf(lasso);
      const distance = best.reduce((sum, value, j) => sum + Math.abs(value - codes[b]![j]!), 0);
      const excess = objectiveOf(lasso, codes[b]!) - objectiveOf(lasso, best);
      expect(excess).toBeLessThanOrEqual(1.01e-4 * scale * distance + 1e-12);
    }
  });

  test('dualityGap bounds how far the objective is from the optimum', async () => {
    const optimum = references.map((lasso) => objectiveOf(lasso, optimumOf(lasso)));
    for (const tolerance of [1e-1, 1e-3]) {
      const { code, history } = await solve(fista(problem), y, {
        stop: dualityGap(tolerance),
        checkEvery: 1,
      });
      const codes = await rows(code);
      const excess = references.map(
        (lasso, b) =>
          (objectiveOf(lasso, codes[b]!) - optimum[b]!) / objectiveOf(lasso, new Float32Array(20)),
      );
      expect(Math.max(...excess)).toBeLessThanOrEqual(history.at(-1)!.measures['dualityGap']! + 1e-6);
      expect(history.at(-1)!.measures['dualityGap']).toBeLessThanOrEqual(tolerance);
      expect(history.at(-2)!.measures['dualityGap']).toBeGreaterThan(tolerance);
    }
  });

  test('relativeChange compares the first code with zero, not with itself', async () => {
    for (const stop of [[relativeChange(1e-3)], [relativeChange(1e-3), maxIterations(1)]]) {
      const { reason, iterations, history } = await solve(fista(problem), y, { stop, checkEvery: 1 });
      expect(history[0]!.measures['relativeChange']).toBeCloseTo(1, 6);
      if (stop.length === 1) expect(iterations).toBeGreaterThan(10);
      else expect([reason, iterations]).toEqual(['maxIterations', 1]);
    }
  });

  test('a solution of zeros stops at once by every measure', async () => {
    const silent = tf.zeros([2, 12]);
    for (const rule of [relativeChange(1e-6), kktViolation(1e-6), dualityGap(1e-6)]) {
      const { reason, iterations } = await solve(fista(problem), silent, { stop: [rule, maxIterations(50)] });
      expect([reason, iterations]).toEqual([rule.name, 10]);
    }
  });

  test('timeLimit stops an iteration that would go on', async () => {
    const { reason, iterations } = await solve(ista(problem), y, {
      stop: [maxIterations(1e9), timeLimit(0.02)],
    });
    expect(reason).toBe('timeLimit');
    expect(iterations).toBeGreaterThan(0);
  });

  test('a measure that the problem does not have is refused before any work', async () => {
    const rough = { ...problem, prior: l0(0.1) as Prior };
    const bounded: Likelihood = { ...gaussian(), exactResidual: false };
    const { dualValue: _, ...primal } = gaussian();
    const started = vi.fn();
    const cases: [Iteration, StopRule, string][] = [
      [fista(rough), dualityGap(1e-3), 'dualityGap: prior l0 has no dualScale'],
      [fista({ ...problem, likelihood: bounded }), kktViolation(1e-3), 'is not its gradient'],
      [
        fista({ ...problem, likelihood: primal as Likelihood }),
        dualityGap(1e-3),
        'likelihood has no dualValue',
      ],
      [
        fista({ ...problem, prior: { ...problem.prior, violation: undefined } as never }),
        kktViolation(1e-3),
        'kktViolation: prior l1 has no violation',
      ],
    ];
    for (const [iteration, stop, message] of cases) {
      const watched = { ...iteration, parameters: () => Promise.reject(started()) };
      await expect(solve(watched, y, { stop })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining(message),
      });
    }
    expect(started).not.toHaveBeenCalled();
  });

  test.each([maxIterations, relativeChange, kktViolation, dualityGap, timeLimit])(
    '%o refuses 0 and NaN',
    (rule) => {
      expect(() => rule(0)).toThrow(rule.name);
      expect(() => rule(Number.NaN)).toThrow(rule.name);
    },
  );
});

describe('iterate', () => {
  test('lends its states until the next turn, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    let last: tf.Tensor | undefined;
    let counted = 0;
    for await (const { t, state } of iterate(fista(problem), y)) {
      expect(last?.isDisposed ?? true).toBe(true);
      last = state.x;
      if (t === 1) counted = tf.memory().numTensors;
      else expect(tf.memory().numTensors).toBe(counted);
      if (t === 8) break;
    }
    expect(last!.isDisposed).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('two at a time do not disturb each other', async () => {
    const before = tf.memory().numTensors;
    const [a, b] = [iterate(fista(problem), y), iterate(ista(problem), y)];
    for (let t = 1; t <= 5; t++) for (const turns of [a, b]) expect((await turns.next()).value!.t).toBe(t);
    await a.return();
    expect((await b.next()).value!.state.x.isDisposed).toBe(false);
    await b.return();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('does not see a signal that does not fit', async () => {
    const filters = tf.ones([4, 1, 2]) as tf.Tensor3D;
    const convolutional = { operator: conv1d(filters), prior: l1(0.1), likelihood: gaussian() };
    const before = tf.memory().numTensors;
    const short = tf.zeros([1, 3, 1]);
    await expect(iterate(fista(convolutional), short).next()).rejects.toMatchObject({
      code: 'INVALID_SHAPE',
    });
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});

test('objective is the data term and the penalty of every example', async () => {
  const draw = random(5);
  const x = tf.tensor2d(
    Float32Array.from({ length: 60 }, () => draw.normal()),
    [3, 20],
  );
  const before = tf.memory().numTensors;
  const values = objective(problem, y, x);
  expect(tf.memory().numTensors).toBe(before + 1);
  const codes = await rows(x);
  for (const [b, value] of (await values.data()).entries()) {
    expect(value / objectiveOf(references[b]!, codes[b]!)).toBeCloseTo(1, 5);
  }
});

const failing: StopRule = {
  name: 'failing',
  begin: () => {
    throw new Error('begin fails');
  },
};
