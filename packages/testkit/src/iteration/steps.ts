import * as tf from '@tensorflow/tfjs-core';
import type { Named } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import {
  download,
  example,
  type HostTensor,
  ROUNDING,
  read,
  relativeDistance,
  sameShape,
} from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawSignal, encode, type IterationSubject, withParameters } from './subject.ts';

/** A layer is a pure function of the state, of fresh tensors, example by example. */
export const stepLaws: readonly Law<IterationSubject>[] = [
  {
    name: 'code shape',
    statement:
      'code(state) is lent out of the state and has the operator’s codeShape, before and after a step',
    check: checkCode,
  },
  {
    name: 'pure steps',
    statement: 'step(s, t) gives the same bits each time; state, data and parameters are as they were',
    check: checkPure,
  },
  {
    name: 'no tensor left behind',
    statement: 'start() and step(s, t) make the tensors of one state and no other, none of them lent',
    check: checkTensors,
  },
  {
    name: 'batch independence',
    statement: 'the code of an example is that of the example alone',
    check: checkExamples,
  },
  {
    name: 'finite',
    statement: 'finite data give finite codes, all zeros and large ones included',
    check: checkFinite,
  },
];

async function checkCode(subject: IterationSubject, context: Context): Promise<void> {
  const { iteration, signalShape } = subject;
  const y = await drawSignal(subject, context.random);
  const expected = iteration.problem.operator.codeShape(signalShape);
  await withParameters(iteration, (parameters) =>
    withInputs({ y }, (tensors) =>
      tf.tidy(() => {
        const layer = iteration.bind(parameters, tensors['y']!);
        const start = layer.start();
        for (const state of [start, layer.step(start, 1)]) {
          const before = tf.memory().numTensors;
          const code = iteration.code(state);
          const made = tf.memory().numTensors - before;
          if (made !== 0) breaks(context, 'tensors that code(state) makes', 0, made);
          if (!Object.values(state).includes(code)) {
            breaks(context, 'code(state)', 'a tensor of the state', 'another tensor');
          }
          if (!sameShape(code.shape, expected)) breaks(context, 'shape of code(state)', expected, code.shape);
        }
      }),
    ),
  );
}

async function checkPure(subject: IterationSubject, context: Context): Promise<void> {
  const { iteration } = subject;
  const y = await drawSignal(subject, context.random);
  await withParameters(iteration, (parameters) =>
    withInputs({ y }, async (tensors) => {
      const given = { ...parameters, y: tensors['y']! };
      const before = await bits(given);
      // Two steps twice from copies of one state, within one tidy, as clones to be read after it.
      const [state, once, twice, after] = tf.tidy(() => {
        const layer = iteration.bind(parameters, tensors['y']!);
        const first = layer.step(layer.start(), 1);
        const copy = clones(first);
        const results = [clones(layer.step(first, 2)), clones(layer.step(first, 2))] as const;
        return [copy, ...results, clones(first)] as [Named, Named, Named, Named];
      });
      try {
        expectSame('step(s, 2), called twice', await bits(twice), await bits(once), context);
        expectSame('the state that was given to step', await bits(after), await bits(state), context);
        expectSame('what was given to bind', await bits(given), before, context);
      } finally {
        tf.dispose([state, once, twice, after]);
      }
    }),
  );
}

/** Copies with memory of their own: a clone would change together with the tensor. */
function clones(named: Named): Named {
  return Object.fromEntries(Object.entries(named).map(([name, tensor]) => [name, tf.add(tensor, 0)]));
}

async function bits(named: Named): Promise<Map<string, HostTensor>> {
  const found = new Map<string, HostTensor>();
  for (const [name, tensor] of Object.entries(named)) found.set(name, await download(tensor));
  return found;
}

function expectSame(
  claim: string,
  seen: Map<string, HostTensor>,
  expected: Map<string, HostTensor>,
  context: Context,
): void {
  for (const [name, { values }] of expected) {
    const distance = relativeDistance(seen.get(name)?.values ?? [], values);
    if (distance !== 0) breaks(context, `${name} of ${claim}`, 'the same bits', `${distance} away`);
  }
}

async function checkTensors(subject: IterationSubject, context: Context): Promise<void> {
  const { iteration } = subject;
  const y = await drawSignal(subject, context.random);
  await withParameters(iteration, (parameters) =>
    withInputs({ y }, (tensors) =>
      tf.tidy(() => {
        const layer = iteration.bind(parameters, tensors['y']!);
        const lent: tf.Tensor[] = [...Object.values(parameters), tensors['y']!];
        const examine = (claim: string, make: () => Named): Named => {
          const before = tf.memory().numTensors;
          const state = make();
          const made = tf.memory().numTensors - before;
          const size = Object.keys(state).length;
          for (const [name, tensor] of Object.entries(state)) {
            if (lent.includes(tensor)) breaks(context, `${name} of ${claim}`, 'a fresh tensor', 'a lent one');
          }
          if (new Set(Object.values(state)).size !== size) {
            breaks(context, claim, 'a tensor for every name', 'one tensor under two names');
          }
          if (made !== size) breaks(context, `tensors that ${claim} makes`, size, made);
          lent.push(...Object.values(state));
          return state;
        };
        const start = examine('start()', () => layer.start());
        const first = examine('step(s, 1)', () => layer.step(start, 1));
        examine('step(s, 2)', () => layer.step(first, 2));
      }),
    ),
  );
}

async function checkExamples(subject: IterationSubject, context: Context): Promise<void> {
  const { iteration } = subject;
  const y = await drawSignal(subject, context.random);
  await withParameters(iteration, async (parameters) => {
    const codes = (signal: HostTensor) =>
      withInputs({ signal }, (tensors) => read(() => encode(iteration, parameters, tensors['signal']!, 5)));
    const whole = await codes(y);
    for (let index = 0; index < y.shape[0]!; index++) {
      const alone = await codes(example(y, index));
      const distance = relativeDistance(alone.values, example(whole, index).values);
      // Five steps of rounding in another order, for products whose block sizes depend on the batch.
      if (distance > 5 * ROUNDING) {
        breaks(context, `code of example ${index} alone and in a batch`, 'the same', `${distance} away`);
      }
    }
  });
}

async function checkFinite(subject: IterationSubject, context: Context): Promise<void> {
  const { iteration } = subject;
  const y = await drawSignal(subject, context.random);
  await withParameters(iteration, async (parameters) => {
    // Where the curvature is unbounded no step is short enough for data of every size.
    const factors = Number.isFinite(iteration.problem.likelihood.curvature) ? [1, 0, 1000] : [1, 0];
    for (const factor of factors) {
      const signal = { shape: y.shape, values: y.values.map((value) => value * factor) };
      const code = await withInputs({ signal }, (tensors) =>
        read(() => encode(iteration, parameters, tensors['signal']!, 10)),
      );
      const bad = code.values.find((value) => !Number.isFinite(value));
      if (bad !== undefined) breaks(context, `code of ${factor} times the data`, 'finite numbers', bad);
    }
  });
}
