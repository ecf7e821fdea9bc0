import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { beforeAll, describe, expect, it } from 'vitest';
import { assertConforms, breaks, conform, type Law, LawBroken, priorLaws } from '../src/index.ts';
import { softThreshold } from './subjects.ts';

beforeAll(() => useBackend('wasm'));

interface Coin {
  readonly side: string;
  dispose?(): void;
}
const heads: Law<Coin> = {
  name: 'heads',
  statement: 'side = heads',
  async check({ side }, context) {
    if (side !== 'heads') breaks(context, 'the side', 'heads', side);
  },
};
const edge: Law<Coin> = {
  name: 'edge',
  statement: 'never on its edge',
  applies: ({ side }) => side === 'edge',
  async check() {
    throw new TypeError('it fell');
  },
};

describe('conform', () => {
  it('says which laws hold, which are about something else, and which are broken, and how', async () => {
    expect(await conform([heads, edge], () => ({ side: 'heads' }))).toEqual({
      passed: ['heads'],
      skipped: ['edge'],
      broken: [],
    });
    expect(await conform([heads, edge], async () => ({ side: 'edge' }))).toEqual({
      passed: [],
      skipped: [],
      broken: [
        { law: 'heads', message: 'heads: the side: expected heads, saw edge' },
        { law: 'edge', message: 'edge: the check did not come to an end: TypeError: it fell' },
      ],
    });
  });

  it('makes a subject for every law and disposes of each', async () => {
    let [made, disposed] = [0, 0];
    await conform([heads, edge], () => {
      made++;
      return { side: 'heads', dispose: () => void disposed++ };
    });
    expect([made, disposed]).toEqual([2, 2]);
  });

  it('disposes of the parameters that a call made, and leaves alone those that were there before', async () => {
    const lent = tf.scalar(0.5);
    const before = tf.memory().numTensors;
    await conform(priorLaws, () => ({ prior: softThreshold(lent), codeShape: [2, 4] }));
    await conform(priorLaws, () => ({ prior: softThreshold(tf.scalar(0.5)), codeShape: [2, 4] }));
    expect(tf.memory().numTensors).toBe(before);
    expect(lent.isDisposed).toBe(false);
    lent.dispose();
  });

  it('draws the same numbers in every run, whichever other laws run, and others for another seed', async () => {
    const drawn: number[] = [];
    const draw: Law<Coin> = {
      name: 'draw',
      statement: 'none',
      check: async (_, { random }) => void drawn.push(random.uniform()),
    };
    await conform([draw], () => ({ side: 'heads' }));
    await conform([heads, draw], () => ({ side: 'heads' }));
    await conform([draw], () => ({ side: 'heads' }), { seed: 1 });
    expect(drawn[1]).toBe(drawn[0]);
    expect(drawn[2]).not.toBe(drawn[0]);
  });

  it('excuses from a law by name, with a reason', async () => {
    const options = { except: { heads: 'this coin is a button' } };
    const report = await conform([heads], () => ({ side: 'tails' }), options);
    expect(report).toEqual({ passed: [], skipped: ['heads'], broken: [] });
    const toss = () => ({ side: 'tails' });
    await expect(conform([heads], toss, { except: { haeds: 'x' } })).rejects.toThrow(
      'a law: heads, got "haeds"',
    );
    await expect(conform([heads], toss, { except: { heads: '' } })).rejects.toThrow('the reason why');
    await expect(conform([heads], toss, { seed: 0.5 })).rejects.toThrow('seed');
    await expect(conform([heads], toss, { sead: 1 } as object)).rejects.toThrow('unknown option "sead"');
  });
});

describe('assertConforms', () => {
  it('throws a list to read', async () => {
    await expect(assertConforms([heads, edge], () => ({ side: 'tails' }))).rejects.toThrow(
      [
        '1 of 2 laws are broken (0 hold):',
        '  ✗ heads: the side: expected heads, saw tails',
        '      law: side = heads',
      ].join('\n'),
    );
  });
});

describe('LawBroken', () => {
  it('has the law, what was expected and what was seen, in the digits of float32', () => {
    const broken = new LawBroken('mean', 'mean(0.30000001192092896)', 0.1 + 0.2, Number.NaN);
    expect(broken).toMatchObject({ name: 'LawBroken', law: 'mean', expected: '0.3', seen: 'NaN' });
    expect(broken.message).toBe('mean: mean(0.3): expected 0.3, saw NaN');
    expect(new LawBroken('shapes', 'shape', [2, 6], [2]).message).toBe(
      'shapes: shape: expected [2, 6], saw [2]',
    );
  });
});
