import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import type { Prior } from '@unrolled/contracts';
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import {
  blocks,
  box,
  conjugate,
  elasticNet,
  groupLasso,
  l0,
  l1,
  moreauEnvelope,
  ridge,
  scale,
  simplex,
  translate,
  twoSidedGaussian,
  zero,
} from '../src/index.ts';
import { normalValues, read, row } from './reference/tensors.ts';

beforeAll(async () => {
  await useBackend('wasm');
});

const code = () => tf.tensor2d(normalValues(12, 4), [2, 6]);

/** Equal values and proxes on a batch of codes, to float32 rounding. */
async function expectEqual(a: Prior, b: Prior): Promise<void> {
  for (const step of [0.3, 1, 4]) {
    const [p, q] = [await read(() => a.prox(code(), step)), await read(() => b.prox(code(), step))];
    for (const [i, entry] of q.entries()) expect(p[i]).toBeCloseTo(entry, 5);
  }
  const [f, g] = [await read(() => a.value(code())), await read(() => b.value(code()))];
  for (const [i, entry] of g.entries()) expect(f[i]).toBeCloseTo(entry, 4);
}

describe('scale', () => {
  test('of a weighted prior is another weight', async () => {
    await expectEqual(scale(l1(1.4), 0.5), l1(0.7));
    await expectEqual(scale(ridge(0.5), 3), ridge(1.5));
    await expectEqual(scale(l0(0.5), 3), l0(1.5));
  });
  test('of an indicator is the indicator', async () => {
    await expectEqual(scale(box(-0.5, 0.5), 7), box(-0.5, 0.5));
  });
  test('has the dual ball of the scaled weight', async () => {
    const c = row(3, -1);
    expect(await read(() => scale(l1(1), 1.5).dualScale!(c))).toEqual(
      await read(() => l1(1.5).dualScale!(c)),
    );
  });
});

describe('translate', () => {
  test('of ridge is a quadratic around another point', async () => {
    const prior = translate(ridge(2), 3);
    expect(await read(() => prior.value(row(3, 4)))).toEqual([1]);
    // (v + α w b) / (1 + α w)
    expect(await read(() => prior.prox(row(0, 3), 0.5))).toEqual([1.5, 3]);
  });
  test('there and back again is nothing', async () => {
    await expectEqual(translate(translate(l1(0.5), 0.25), -0.25), l1(0.5));
  });
  test('moves a box', async () => {
    await expectEqual(translate(box(-1, 0), 0.5), box(-0.5, 0.5));
  });
});

describe('blocks', () => {
  test('is each prior on its part', async () => {
    const prior = blocks([
      { prior: l1(0.5), size: 2 },
      { prior: ridge([1, 3]), size: 2 },
      { prior: zero(), size: 1 },
    ]);
    expect(Object.keys(prior.parameters)).toEqual(['0.weight', '1.weight']);
    expect(await read(() => prior.prox(row(2, 0.1, 4, 4, -7), 1))).toEqual([1.5, 0, 2, 1, -7]);
    expect((await read(() => prior.value(row(2, -2, 1, 1, 9))))[0]).toBeCloseTo(2 + 2, 6);
    expect(prior.violation).toBeDefined();
    expect(prior.dualScale).toBeUndefined();
    expect(prior.convex).toBe(true);
  });
  test('knows its parameters’ names as types: a misspelt one does not compile', () => {
    const prior = blocks([
      { prior: scale(l1(1), 2), size: 2 },
      { prior: elasticNet(1, 1), size: 3 },
    ]);
    type Names = '0.factor' | '0.prior.weight' | '1.weight' | '1.ridge';
    expectTypeOf<keyof typeof prior.parameters>().toEqualTypeOf<Names>();
  });
  test('of norms has the least dual scale', async () => {
    const prior = blocks([
      { prior: l1(1), size: 1 },
      { prior: groupLasso(1), size: 2 },
    ]);
    expect((await read(() => prior.dualScale!(row(2, 3, 4))))[0]).toBeCloseTo(0.2, 6);
  });
  test('with l0 is not convex, has no conjugate', () => {
    const prior = blocks([{ prior: l0(1), size: 3 }]);
    expect(prior.convex).toBe(false);
    expect(() => conjugate(prior)).toThrow('prior: expected a convex prior');
  });
});

describe('conjugate', () => {
  test('of l1 clips to its dual ball', async () => {
    await expectEqual(conjugate(l1(0.5)), box(-0.5, 0.5));
    await expectEqual(conjugate(l1(0.5, { nonNegative: true })), box(Number.NEGATIVE_INFINITY, 0.5));
  });
  test('of ridge is ridge with the inverse weight', async () => {
    await expectEqual(conjugate(ridge(4)), ridge(0.25));
    await expectEqual(conjugate(twoSidedGaussian(2, 0.5)), twoSidedGaussian(0.5, 2));
  });
  test('of a box around 0 is l1', async () => {
    await expectEqual(conjugate(box(-0.5, 0.5)), l1(0.5));
  });
  test('of 0 is the indicator of {0}', async () => {
    await expectEqual(conjugate(zero()), box(0, 0));
  });
  test('of the simplex is the largest entry', async () => {
    expect(await read(() => conjugate(simplex()).value(row(1, -2, 3)))).toEqual([3]);
  });
  test('twice is the prior itself', async () => {
    const priors: Prior[] = [l1(0.4), ridge(0.7), elasticNet(0.3, 2), groupLasso(0.5), box(-0.2, 0.3)];
    for (const prior of priors) await expectEqual(conjugate(conjugate(prior)), prior);
  });
  test('of scale, translate, blocks and an envelope follows their rules', async () => {
    await expectEqual(conjugate(scale(ridge(1), 4)), ridge(0.25));
    await expectEqual(conjugate(moreauEnvelope(l1(0.5), 2)), conjugateOfHuber());
    const y = row(0.2, -0.3);
    expect((await read(() => conjugate(translate(l1(1), [1, 2])).value(y)))[0]).toBeCloseTo(0.2 - 0.6, 6);
  });
});

describe('moreauEnvelope', () => {
  test('of l1 is Huber’s function', async () => {
    const [weight, mu] = [0.8, 0.5];
    const huber = (x: number): number =>
      Math.abs(x) <= weight * mu ? x ** 2 / (2 * mu) : weight * Math.abs(x) - (weight ** 2 * mu) / 2;
    const prior = moreauEnvelope(l1(weight), mu);
    for (const x of [-2, -0.41, -0.2, 0, 0.39, 3]) {
      expect((await read(() => prior.value(row(x))))[0]).toBeCloseTo(huber(x), 6);
    }
  });
  test('of a box is half the squared distance over μ', async () => {
    expect(await read(() => moreauEnvelope(box(-1, 1), 0.5).value(row(3, 0.5, -2)))).toEqual([5]);
  });
  test('its gradient on the tape is (x − prox) / μ', async () => {
    const [inner, mu] = [elasticNet(0.4, 0.5), 0.7];
    const prior = moreauEnvelope(inner, mu);
    const tape = await read(() => tf.grad((x: tf.Tensor) => tf.sum(prior.value(x)))(code()));
    const formula = await read(() => tf.div(tf.sub(code(), inner.prox(code(), mu)), mu));
    for (const [i, entry] of formula.entries()) expect(tape[i]).toBeCloseTo(entry, 5);
  });
});

/** Φ* of the envelope of 0.5‖·‖₁ with μ = 2: the indicator of [−½, ½] plus ‖y‖². */
function conjugateOfHuber(): Prior {
  const [ball, quadratic] = [box(-0.5, 0.5), ridge(2)];
  return {
    name: 'reference',
    convex: true,
    parameters: {},
    value: (y) => tf.add(ball.value(y), quadratic.value(y)),
    prox: (v, step) => ball.prox(quadratic.prox(v, step), step),
    with: () => conjugateOfHuber(),
  };
}
