import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSortings, matchSpikeTrains, missFalseAlarmCurve } from '../src/index.ts';
import { permutations } from './permutations.ts';

const trains = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 6 });

/** The most pairs that any one-to-one matching has: all of them tried. */
function mostPairs(truth: readonly number[], found: readonly number[], tolerance: number): number {
  const [short, long] = truth.length < found.length ? [truth, found] : [found, truth];
  const counts = permutations(long.length).map(
    (order) => short.filter((time, index) => Math.abs(time - long[order[index]!]!) <= tolerance).length,
  );
  return Math.max(...counts);
}

describe('matchSpikeTrains', () => {
  it('matches one to one, on either side, the limit included', () => {
    expect(matchSpikeTrains([100, 200, 300], [95, 96, 205, 306], { tolerance: 5 })).toEqual({
      trueIndices: Int32Array.of(0, 1),
      foundIndices: Int32Array.of(0, 2),
      hits: 2,
      misses: 1,
      falseAlarms: 2,
      hitRate: expect.closeTo(2 / 3, 12),
      missRate: expect.closeTo(1 / 3, 12),
      falseAlarmRate: 0.5,
    });
  });

  it('does not lose a pair to a nearer one', () => {
    // The nearest pair (10, 10) first would leave 9 and 12 alone.
    expect(matchSpikeTrains([9, 10], [10, 12], { tolerance: 2 }).hits).toBe(2);
  });

  it('has as many pairs as any matching can have, each within the tolerance, none used twice', () => {
    fc.assert(
      fc.property(trains, trains, fc.double({ min: 0, max: 4, noNaN: true }), (truth, found, tolerance) => {
        const match = matchSpikeTrains(truth, found, { tolerance });
        expect(match.hits).toBe(mostPairs(truth, found, tolerance));
        expect(new Set(match.trueIndices).size).toBe(match.hits);
        expect(new Set(match.foundIndices).size).toBe(match.hits);
        match.trueIndices.forEach((index, pair) => {
          expect(Math.abs(truth[index]! - found[match.foundIndices[pair]!]!)).toBeLessThanOrEqual(tolerance);
        });
        expect(match.hits + match.misses).toBe(truth.length);
        expect(match.hits + match.falseAlarms).toBe(found.length);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same whichever train is called the truth', () => {
    fc.assert(
      fc.property(trains, trains, (a, b) => {
        expect(matchSpikeTrains(a, b, { tolerance: 1 }).hits).toBe(
          matchSpikeTrains(b, a, { tolerance: 1 }).hits,
        );
      }),
    );
  });

  it('finds nothing wrong with nothing', () => {
    expect(matchSpikeTrains([], [], { tolerance: 1 })).toMatchObject({
      hitRate: 1,
      missRate: 0,
      falseAlarmRate: 0,
    });
    expect(matchSpikeTrains([], [1], { tolerance: 1 })).toMatchObject({ missRate: 0, falseAlarmRate: 1 });
    expect(matchSpikeTrains([1], [], { tolerance: 1 })).toMatchObject({ missRate: 1, falseAlarmRate: 0 });
  });

  it('refuses times that are not finite and a negative tolerance', () => {
    expect(() => matchSpikeTrains([1, Number.NaN], [], { tolerance: 1 })).toThrow(
      'truth: expected finite numbers',
    );
    expect(() => matchSpikeTrains([], [], { tolerance: -1 })).toThrow(
      'options.tolerance: expected a number ≥ 0',
    );
  });
});

describe('compareSortings', () => {
  // Unit 5 fires at 0, 100, …, 900; unit 8 fifty samples later.
  const five = Array.from({ length: 10 }, (_, i) => 100 * i);
  const eight = five.map((time) => time + 50);
  const of = (...trains: (readonly [number, readonly number[]])[]) => ({
    times: trains.flatMap(([, times]) => times),
    units: trains.flatMap(([unit, times]) => times.map(() => unit)),
  });
  const truth = of([8, eight], [5, five]);

  it('scores each true unit', () => {
    const found = of([1, [...eight.slice(0, 8), 7000]], [0, five.map((time) => time + 1)], [2, [33]]);
    expect(compareSortings(truth, found, { tolerance: 1 })).toEqual([
      {
        trueUnit: 5,
        foundUnits: [0],
        hits: 10,
        misses: 0,
        falsePositives: 0,
        accuracy: 1,
        precision: 1,
        recall: 1,
      },
      {
        trueUnit: 8,
        foundUnits: [1],
        hits: 8,
        misses: 2,
        falsePositives: 1,
        accuracy: 8 / 11,
        precision: 8 / 9,
        recall: 0.8,
      },
    ]);
  });

  it('assigns a found unit once, for the largest sum of accuracies', () => {
    // Unit 1 has most of both; unit 0 is the only other that has anything of five.
    const found = of([1, [...five.slice(0, 9), ...eight]], [0, five.slice(0, 6)]);
    expect(compareSortings(truth, found, { tolerance: 1 }).map(({ foundUnits }) => foundUnits)).toEqual([
      [0],
      [1],
    ]);
  });

  it('leaves a unit unmatched that shares no spike', () => {
    const [first, second] = compareSortings(truth, of([0, five]), { tolerance: 1 });
    expect(first).toMatchObject({ foundUnits: [0], accuracy: 1 });
    expect(second).toEqual({
      trueUnit: 8,
      foundUnits: [],
      hits: 0,
      misses: 10,
      falsePositives: 0,
      accuracy: 0,
      precision: 0,
      recall: 0,
    });
    expect(compareSortings(truth, of(), { tolerance: 1 }).map(({ hits }) => hits)).toEqual([0, 0]);
    expect(compareSortings(of(), truth, { tolerance: 1 })).toEqual([]);
  });

  it('puts pieces together where asked to, and leaves foreign ones out', () => {
    const found = of([0, five.slice(0, 6)], [1, five.slice(6)], [2, [...eight, 33]], [3, [200, 1, 2]]);
    const [first, second] = compareSortings(truth, found, { tolerance: 0, together: true });
    expect(first).toMatchObject({ foundUnits: [0, 1], hits: 10, falsePositives: 0, accuracy: 1 });
    expect(second).toMatchObject({ foundUnits: [2], hits: 10, falsePositives: 1 });
    expect(compareSortings(truth, found, { tolerance: 0 })[0]).toMatchObject({
      foundUnits: [0],
      hits: 6,
      recall: 0.6,
    });
  });

  it('refuses spikes without a unit', () => {
    expect(() => compareSortings(truth, { times: [1, 2], units: [0] }, { tolerance: 1 })).toThrow(
      'found: expected as many units as times (2), got 1',
    );
  });
});

describe('missFalseAlarmCurve', () => {
  it('counts the spikes of at least each threshold', () => {
    const curve = missFalseAlarmCurve([10, 20, 30], [10, 20, 50, 30], [5, 3, 2, 1], {
      tolerance: 1,
      thresholds: [6, 0, 3],
    });
    expect(curve).toEqual([
      { threshold: 0, missRate: 0, falseAlarmRate: 0.25 },
      { threshold: 3, missRate: expect.closeTo(1 / 3, 12), falseAlarmRate: 0 },
      { threshold: 6, missRate: 1, falseAlarmRate: 0 },
    ]);
  });

  it('goes from all spikes to the largest by itself, and misses no less the higher the threshold', () => {
    const sizes = Array.from({ length: 50 }, (_, i) => (i * 7) % 50);
    const curve = missFalseAlarmCurve(sizes, sizes, sizes, { tolerance: 0.1, points: 9 });
    expect(curve.map(({ threshold }) => threshold)).toEqual([0, 6, 12, 18, 25, 31, 37, 43, 49]);
    expect(curve.map(({ missRate }) => missRate)).toEqual(
      curve.map(({ threshold }) => expect.closeTo(threshold / 50, 12)),
    );
    expect(missFalseAlarmCurve([1], [], [], { tolerance: 1 })).toEqual([]);
  });

  it('refuses spikes without a size', () => {
    expect(() => missFalseAlarmCurve([1], [1, 2], [1], { tolerance: 1 })).toThrow(
      'sizes: expected one a found spike (2)',
    );
  });
});
