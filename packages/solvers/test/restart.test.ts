import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import type { Iteration } from '@unrolled/contracts';
import { describe, expect, test } from 'vitest';
import { fista, iterate, nesterovMomentum } from '../src/index.ts';
import { distance, lassoProblem, rows } from './lasso-problem.ts';
import { type Lasso, objectiveOf, optimumOf, referenceFista } from './reference/lasso.ts';

await useBackend('wasm');

const step = Math.fround(0.15);

/** Objective of every iterate of every example: [example][t]. */
async function objectives(iteration: Iteration, y: tf.Tensor, references: Lasso[], iterations: number) {
  const values: number[][] = references.map(() => []);
  for await (const { t, state } of iterate(iteration, y)) {
    const codes = await rows(iteration.code(state));
    for (const [b, lasso] of references.entries()) values[b]!.push(objectiveOf(lasso, codes[b]!));
    if (t === iterations) break;
  }
  return values;
}

test('plain FISTA overshoots on this problem, a monotone one never does', async () => {
  const { problem, y, references } = lassoProblem();
  const rises = (values: number[]) =>
    values.filter((value, t) => t > 0 && value > values[t - 1]! * (1 + 1e-6)).length;
  const plain = await objectives(fista(problem, { step }), y, references, 120);
  const monotone = await objectives(fista(problem, { step, restart: 'monotone' }), y, references, 120);
  expect(Math.max(...plain.map(rises))).toBeGreaterThan(5);
  // What rounding of float32 codes can do to the objective is below the 1e-6 of `rises`.
  expect(monotone.map(rises)).toEqual([0, 0, 0]);
});

test.each(['gradient', 'monotone'] as const)(
  'restart %s gets nearer to the optimum in 80 steps',
  async (restart) => {
    const { problem, y, references } = lassoProblem();
    const optimum = references.map((lasso) => objectiveOf(lasso, optimumOf(lasso)));
    const excess = async (iteration: Iteration) => {
      const values = await objectives(iteration, y, references, 80);
      return Math.max(...values.map((list, b) => list.at(-1)! - optimum[b]!));
    };
    expect(await excess(fista(problem, { step, restart }))).toBeLessThan(
      0.2 * (await excess(fista(problem, { step }))),
    );
  },
);

test('examples of a batch restart each at their own time', async () => {
  const { problem, y } = lassoProblem();
  const restarts: number[][] = [[], [], []];
  for await (const { t, state } of iterate(fista(problem, { step, restart: 'gradient' }), y)) {
    // recency is 1/(1 + steps since): one step after the start or a restart it is a half.
    (await state.recency.data()).forEach((recency, b) => {
      if (recency === 0.5 && t > 1) restarts[b]!.push(t);
    });
    if (t === 80) break;
  }
  expect(restarts.every((list) => list.length > 0)).toBe(true);
  expect(new Set(restarts.map(String)).size).toBeGreaterThan(1);
});

describe('the gradient through restarts', () => {
  test.each(['gradient', 'monotone'] as const)(
    '%s: is that of the float64 reference by differences',
    async (restart) => {
      const { problem, y, references } = lassoProblem(0.2, [12, 20, 1]);
      const iteration = fista(problem, { step, restart });
      const parameters = await iteration.parameters();
      const layers = 40;
      const loss = () => {
        const layer = iteration.bind(parameters, y);
        let state = layer.start();
        for (let t = 1; t <= layers; t++) state = layer.step(state, t);
        return tf.sum(tf.square(iteration.code(state)));
      };
      const { value, gradients } = valueAndGradients(loss, [
        parameters['prior.weight'],
        parameters['operator.atoms'],
      ]);
      const [weightSlope] = await gradients[0]!.data();
      const atomSlopes = await gradients[1]!.data();

      const [lasso] = references as [Lasso];
      const reference = (changed: Lasso) => {
        const iterates = referenceFista(changed, {
          step,
          iterations: layers,
          momentum: nesterovMomentum,
          restart,
        });
        return iterates.at(-1)!.reduce((sum, x) => sum + x * x, 0);
      };
      expect((await value.data())[0]! / reference(lasso)).toBeCloseTo(1, 4);
      // Central differences in float64, inside one piece of the piecewise smooth function.
      const h = 1e-6;
      const differences = (make: (delta: number) => Lasso) =>
        (reference(make(h)) - reference(make(-h))) / (2 * h);
      const expected = differences((delta) => ({ ...lasso, weight: lasso.weight + delta }));
      // 40 layers of float32 against float64.
      expect(distance([weightSlope!], [expected])).toBeLessThan(1e-3);
      const some = [0, 57, 121, 239];
      const exact = some.map((index) =>
        differences((delta) => {
          const atoms = Float64Array.from(lasso.atoms);
          atoms[index]! += delta;
          return { ...lasso, atoms: atoms as unknown as Float32Array };
        }),
      );
      expect(
        distance(
          some.map((index) => atomSlopes[index]!),
          exact,
        ),
      ).toBeLessThan(1e-3);
      tf.dispose([value, ...(gradients as tf.Tensor[])]);
    },
  );
});
