import * as tf from '@tensorflow/tfjs-core';
import type { Named } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { download, type HostTensor, relativeDistance } from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawSignal, type IterationSubject, withParameters } from './subject.ts';

/** A layer is a pure function from state to state, of fresh tensors. */
export const purityLaws: readonly Law<IterationSubject>[] = [
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
];

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
