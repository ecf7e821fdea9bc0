import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { concatenate, conv1d, dense } from '@unrolled/operators';
import { blocks, l1 } from '@unrolled/prox';
import { assertConforms, type IterationSubject, iterationLaws } from '@unrolled/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { backendsHere } from '../../backend/test/support/backends.ts';
import * as solvers from '../src/index.ts';

const { fista, ista, residualBalancing, salsa } = solvers;

const normal = (shape: number[], seed = 1) => {
  const generator = random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => generator.normal()),
    shape,
  );
};
const vectors = () => ({ operator: dense(normal([8, 5])), prior: l1(0.3), likelihood: gaussian() });
/** Two dictionaries, with a prior each. */
const wide = () => ({
  operator: concatenate([dense(normal([6, 4])), dense(normal([6, 5], 2))]),
  prior: blocks([
    { prior: l1(0.3), size: 4 },
    { prior: l1(0.2), size: 5 },
  ]),
  likelihood: gaussian(),
});
const traces = () => ({
  operator: conv1d(normal([3, 2, 2])),
  prior: l1(0.3, { nonNegative: true }),
  likelihood: gaussian(),
});

const subjects: { readonly [name: string]: readonly (() => IterationSubject)[] } = {
  ista: [
    () => ({ iteration: ista(vectors()), signalShape: [2, 8], steps: 1000 }),
    () => ({ iteration: ista(traces(), { analysis: 'own' }), signalShape: [2, 9, 2], steps: 1000 }),
  ],
  fista: [
    () => ({ iteration: fista(vectors()), signalShape: [2, 8] }),
    () => ({ iteration: fista(traces()), signalShape: [2, 9, 2] }),
    () => ({ iteration: fista(vectors(), { restart: 'gradient' }), signalShape: [2, 8] }),
    () => ({ iteration: fista(traces(), { restart: 'monotone' }), signalShape: [2, 9, 2] }),
    () => ({
      iteration: fista(vectors(), { momentum: solvers.chambolleDossalMomentum(3) }),
      signalShape: [2, 8],
    }),
  ],
  salsa: [
    () => ({ iteration: salsa(vectors()), signalShape: [2, 8] }),
    () => ({ iteration: salsa(wide(), { code: 'x' }), signalShape: [2, 6] }),
    () => ({ iteration: salsa(vectors(), { form: 'solve' }), signalShape: [2, 8] }),
    () => ({ iteration: salsa(wide(), { form: 'solve', penalty: 4 }), signalShape: [2, 6] }),
    () => ({
      iteration: salsa(wide(), { form: 'solve', adapt: residualBalancing({ until: 50 }) }),
      signalShape: [2, 6],
    }),
    () => ({ iteration: salsa(traces(), { form: { conjugateGradients: 3 } }), signalShape: [2, 9, 2] }),
  ],
};

/** Functions that are no iterations have tests of their own. */
const others = [
  'chambolleDossalMomentum',
  'codeSpaceFista',
  'coordinateDescent',
  'dualityGap',
  'dualResidual',
  'iterate',
  'kktViolation',
  'maxIterations',
  'nesterovMomentum',
  'objective',
  'pacer',
  'primalResidual',
  'problemFor',
  'relativeChange',
  'relativeChanges',
  'releaseState',
  'residualBalancing',
  'solve',
  'tidied',
  'timeLimit',
];

describe.each(await backendsHere(['wasm']))('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  describe.each(Object.entries(subjects))('%s', (_, list) => {
    test.each(list.map((make, index) => ({ index, make })))(
      'obeys the laws of iterations ($index)',
      async ({ make }) => {
        await assertConforms(iterationLaws, make);
      },
    );
  });
});

test('every export is examined', () => {
  expect([...Object.keys(subjects), ...others].sort()).toEqual(Object.keys(solvers).sort());
});
