import { random } from '@unrolled/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Dictionary,
  dictionaryCoherence,
  dictionaryError,
  largestCrossCorrelation,
} from '../src/index.ts';
import { permutations } from './permutations.ts';

// The error is a square root of what is rounded at 1e-16: it can be read to about 1e-8 near 0.
const nearZero = 1e-7;

/** A dictionary out of atoms `[time · channels]`. */
function dictionary(atoms: readonly (readonly number[])[], channels?: number): Dictionary {
  const size = atoms[0]!.length;
  const data = Array.from(
    { length: size * atoms.length },
    (_, i) => atoms[i % atoms.length]![Math.floor(i / atoms.length)]!,
  );
  return { data, shape: channels ? [size / channels, channels, atoms.length] : [size, atoms.length] };
}

const entry = fc.double({ min: -2, max: 2, noNaN: true }).map((value) => Math.round(value * 100) / 100);
const vector = (length: number) =>
  fc
    .array(entry, { minLength: length, maxLength: length })
    .filter((values) => values.some((value) => value !== 0));
const atomsOf = (count: number, length: number) =>
  fc.array(vector(length), { minLength: count, maxLength: count });

describe('largestCrossCorrelation', () => {
  it('knows value, sign and shift', () => {
    expect(largestCrossCorrelation([0, 0, 1], [1, 0, 0])).toEqual({ value: 1, shift: 2 });
    expect(largestCrossCorrelation([1, 0, 0], [0, 0, -1])).toEqual({ value: -1, shift: -2 });
    // Channels move together: the 4 of one channel never meets the 3 of the other.
    expect(largestCrossCorrelation([4, 0, 0, 1], [0, 3, 1, 0], 2)).toEqual({ value: 4, shift: -1 });
    expect(largestCrossCorrelation([1, 2], [0, 0, 0, 1, 2])).toEqual({ value: 5, shift: -3 });
  });

  it('is the largest entry of the full cross-correlation', () => {
    fc.assert(
      fc.property(vector(6), vector(8), ([...a], [...b]) => {
        const full: number[] = [];
        for (let shift = -3; shift < 3; shift++) {
          let sum = 0;
          for (let t = 0; t < 3; t++) {
            for (let c = 0; c < 2; c++) sum += a[2 * t + c]! * (b[2 * (t - shift) + c] ?? 0);
          }
          full.push(Math.abs(sum));
        }
        expect(Math.abs(largestCrossCorrelation(a, b, 2).value)).toBeCloseTo(Math.max(...full), 12);
      }),
    );
  });

  it('refuses signals that the channels do not divide', () => {
    expect(() => largestCrossCorrelation([1, 2, 3], [1, 2], 2)).toThrow(
      'expected [time, 2] numbers, got 3 and 2',
    );
    expect(() => largestCrossCorrelation([], [1])).toThrow('got 0 and 1');
  });
});

describe('dictionaryError', () => {
  it('is √(1 − cos²) of known angles', () => {
    const truth = dictionary([
      [1, 0],
      [0, 1],
    ]);
    const angle = 0.3;
    const learned = dictionary([
      [-3 * Math.sin(angle), 3 * Math.cos(angle)],
      [1, 1],
    ]);
    const { errors, matches, mean, worst, signs } = dictionaryError(truth, learned);
    expect([...matches]).toEqual([1, 0]);
    expect([...signs]).toEqual([1, 1]);
    expect(errors[0]).toBeCloseTo(Math.SQRT1_2, 12);
    expect(errors[1]).toBeCloseTo(Math.sin(angle), 12);
    expect(mean).toBeCloseTo((Math.SQRT1_2 + Math.sin(angle)) / 2, 12);
    expect(worst).toBe(errors[0]);
  });

  it('does not see order, sign, scale or shift, and says what they were', () => {
    const padded = atomsOf(3, 6).map((atoms) => atoms.map((atom) => [0, 0, 0, 0, ...atom, 0, 0, 0, 0]));
    fc.assert(
      fc.property(padded, fc.nat(), (atoms, seed) => {
        const numbers = random(seed);
        const order = numbers.permutation(3);
        // Atom `order[i]` moved by whole samples of two channels, scaled, perhaps turned over.
        const changes = [...order].map((from) => ({
          from,
          delay: numbers.integer(5) - 2,
          scale: numbers.uniform(0.1, 5) * (numbers.integer(2) ? 1 : -1),
        }));
        const learned = changes.map(({ from, delay, scale }) =>
          atoms[from]!.map((_, i) => scale * (atoms[from]![i - 2 * delay] ?? 0)),
        );
        const { errors } = dictionaryError(dictionary(atoms, 2), dictionary(learned, 2));
        expect(Math.max(...errors)).toBeLessThan(nearZero);
      }),
    );
  });

  it('gives the shift and the sign that undo the change', () => {
    const truth = dictionary(
      [
        [0, 0, 1, -4, 2, 0, 0],
        [0, 0, 3, 3, 0, 0, 0],
      ],
      1,
    );
    const learned = dictionary(
      [
        [0, 0, 0, 0, -3, -3, 0],
        [0, 1, -4, 2, 0, 0, 0],
      ],
      1,
    );
    const { matches, shifts, signs, worst } = dictionaryError(truth, learned);
    expect([...matches]).toEqual([1, 0]);
    expect([...shifts]).toEqual([1, -2]);
    expect([...signs]).toEqual([1, -1]);
    expect(worst).toBeLessThan(nearZero);
    expect(dictionaryError(truth, learned, { shifts: false }).worst).toBeGreaterThan(0.5);
  });

  it('is the best of all matchings', () => {
    fc.assert(
      fc.property(atomsOf(4, 5), atomsOf(4, 5), (a, b) => {
        const unit = (v: readonly number[]) => v.map((x) => x / Math.hypot(...v));
        const error = (x: readonly number[], y: readonly number[]): number => {
          const cosine = unit(x).reduce((sum, value, i) => sum + value * unit(y)[i]!, 0);
          return Math.sqrt(Math.max(0, 1 - cosine ** 2));
        };
        const means = permutations(4).map((p) => p.reduce((sum, j, i) => sum + error(a[i]!, b[j]!), 0) / 4);
        expect(dictionaryError(dictionary(a), dictionary(b)).mean).toBeCloseTo(Math.min(...means), 6);
      }),
    );
  });

  it('pairs off dictionaries of different sizes and lengths', () => {
    const truth = dictionary(
      [
        [1, 2, 0],
        [0, 1, -1],
      ],
      1,
    );
    const fewer = dictionaryError(truth, dictionary([[0, 1, -1, 0, 0]], 1));
    expect([...fewer.matches]).toEqual([-1, 0]);
    expect(fewer.errors[0]).toBe(1);
    expect(fewer.errors[1]).toBeLessThan(nearZero);
    const more = dictionaryError(
      truth,
      dictionary(
        [
          [5, 5, 5],
          [0, 1, -1],
          [1, 2, 0],
        ],
        1,
      ),
    );
    expect([...more.matches]).toEqual([2, 1]);
    expect([
      ...dictionaryError(
        truth,
        dictionary(
          [
            [0, 0, 0],
            [0, 1, -1],
          ],
          1,
        ),
      ).errors,
    ]).toEqual([1, expect.closeTo(0, 6)]);
  });

  it.each<[string, Dictionary, Dictionary, string]>([
    ['another rank', dictionary([[1, 2]]), dictionary([[1, 2]], 1), 'learned: expected atoms like those'],
    [
      'other channels',
      dictionary([[1, 2]], 1),
      dictionary([[1, 2]], 2),
      'learned: expected atoms like those',
    ],
    ['other features', dictionary([[1, 2]]), dictionary([[1, 2, 3]]), 'learned: expected atoms like those'],
    ['a vector', { data: [1], shape: [1] }, dictionary([[1]]), 'truth: expected [features, atoms] or'],
    ['missing numbers', { data: [1], shape: [2, 1] }, dictionary([[1, 2]]), 'truth: expected 2 numbers'],
    [
      'NaN',
      dictionary([[1, 2]]),
      dictionary([[1, Number.NaN]]),
      'learned: expected finite numbers, got NaN at index 1',
    ],
    ['no atoms', { data: [], shape: [2, 0] }, dictionary([[1, 2]]), 'truth.shape: expected a whole number'],
  ])('refuses %s', (_, truth, learned, message) => {
    expect(() => dictionaryError(truth, learned)).toThrow(message);
  });
});

describe('dictionaryCoherence', () => {
  it('is the largest cosine of two atoms, over shifts for filters', () => {
    expect(
      dictionaryCoherence(
        dictionary([
          [1, 0, 0],
          [3, 4, 0],
          [0, 0, 2],
        ]),
      ),
    ).toBeCloseTo(0.6, 12);
    expect(
      dictionaryCoherence(
        dictionary(
          [
            [1, 0, 0],
            [0, 0, -5],
          ],
          1,
        ),
      ),
    ).toBe(1);
    expect(
      dictionaryCoherence(
        dictionary(
          [
            [1, 0, 0],
            [0, 0, -5],
          ],
          1,
        ),
        { shifts: false },
      ),
    ).toBe(0);
    expect(dictionaryCoherence(dictionary([[1, 2]]))).toBe(0);
  });
});
