import * as tf from '@tensorflow/tfjs-core';
import { breaks, type Context, type Law } from '../law.ts';
import { example, type HostTensor, ROUNDING, read, relativeDistance, sameShape } from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawSignal, encode, type IterationSubject, withParameters } from './subject.ts';

/** What a step gives: codes of the right shape, example by example, of finite numbers. */
export const stepLaws: readonly Law<IterationSubject>[] = [
  {
    name: 'code shape',
    statement:
      'code(state) is lent out of the state and has the operator’s codeShape, before and after a step',
    check: checkCode,
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
