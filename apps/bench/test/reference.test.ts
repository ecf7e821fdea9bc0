import { ndArray } from '@unrolled/formats';
import { expect, test } from 'vitest';
import { eventsOf, objectiveOf, violationOf } from '../src/reference/convolutional.ts';
import { examineDense } from '../src/reference/dense.ts';
import { relativeDistance } from '../src/reference/distance.ts';
import { filterGradientOf } from '../src/reference/filter-gradient.ts';
import { imageObjective } from '../src/reference/images.ts';

// The references decide what everybody's error is: sums small enough to be done by hand.

const problem = {
  y: ndArray(Float32Array.of(1, 2, 4), [3, 1]),
  filters: ndArray(Float32Array.of(1, 1), [2, 1, 1]),
  weight: 0.5,
};

test('a convolutional lasso', () => {
  const code = eventsOf(ndArray(Float32Array.of(0, 2), [2, 1]));
  expect(code).toEqual({ positions: [1], atoms: [0], values: [2] });
  // The residual is [1, 0, 2].
  expect(objectiveOf(problem, code)).toBe(0.5 * 5 + 0.5 * 2);
  // Correlations [1, 2]: 1 − ½ where the code is 0, |2 − ½| where it is not; in units of ½.
  expect(violationOf(problem, code)).toBe(3);
  expect(objectiveOf(problem, { positions: [0], atoms: [0], values: [-1] })).toBe(Number.POSITIVE_INFINITY);
});

test('images', () => {
  const images = ndArray(Float32Array.of(1, 2, 3, 4), [1, 2, 2, 1]);
  const filters = ndArray(Float32Array.of(1, 0, 0, 1), [2, 2, 1, 1]);
  // The residual is [1 + 2, 2, 3, 4 + 2].
  expect(imageObjective({ images, filters, weight: 0.5 }, [-2])).toBe(0.5 * (9 + 4 + 9 + 36) + 1);
});

test('a dense lasso', () => {
  const setting = {
    signals: ndArray(Float32Array.of(3, 1), [1, 2]),
    atoms: ndArray(Float32Array.of(1, 0, 0, 1), [2, 2]),
    weight: 2,
    step: 1,
  };
  expect(examineDense(setting, [1, 0])).toEqual({ objective: 0.5 * (4 + 1) + 2, violation: 0 });
});

test('the gradient of filters in one dimension and two', () => {
  const codes = ndArray(Float32Array.of(1, 10), [1, 2, 1]);
  expect([...filterGradientOf(ndArray(Float32Array.of(1, 2, 3), [1, 3, 1]), codes)]).toEqual([21, 32]);
  const image = ndArray(Float32Array.of(1, 2, 3, 4), [1, 2, 2, 1]);
  expect([...filterGradientOf(image, ndArray(Float32Array.of(2), [1, 1, 1, 1]))]).toEqual([2, 4, 6, 8]);
});

test('a relative distance', () => {
  expect(relativeDistance([3, 5], [3, 4])).toBe(0.2);
  expect(relativeDistance([0], [0])).toBe(0);
  expect(relativeDistance([1], [0])).toBe(1);
});
