import * as tf from '@tensorflow/tfjs-core';
import { type Named, problemParameters, withoutPrefix } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { download, ROUNDING, read, relativeDistance } from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { type IterationSubject, sparseCode, withParameters } from './subject.ts';

/** The classical values that parameters start from, and what is made of them. */
export const parameterLaws: readonly Law<IterationSubject>[] = [
  {
    name: 'parameters',
    statement:
      'parameters() gives fresh tensors, the same names and bits each time, those of the problem unchanged',
    check: checkParameters,
  },
  {
    name: 'refresh',
    statement: 'refresh(parameters()) names parameters and gives their classical values, in fresh tensors',
    applies: ({ iteration }) => iteration.refresh !== undefined,
    check: checkRefresh,
  },
  {
    name: 'decoder',
    statement: 'decoder(p) is A around the operator tensors of p, and allocates no tensor',
    check: checkDecoder,
  },
];

async function checkParameters({ iteration }: IterationSubject, context: Context): Promise<void> {
  const lent: Named = problemParameters(iteration.problem);
  const before = tf.memory().numTensors;
  const first = await iteration.parameters();
  const names = Object.keys(first);
  const made = tf.memory().numTensors - before;
  if (made !== names.length) breaks(context, 'tensors that parameters() makes', names.length, made);
  const again = await iteration.parameters();
  try {
    if (Object.keys(again).join() !== names.join()) {
      breaks(context, 'names of parameters(), called twice', names.join(), Object.keys(again).join());
    }
    for (const [name, tensor] of Object.entries(first)) {
      if (Object.values(lent).includes(tensor)) {
        breaks(context, `parameters().${name}`, 'a fresh tensor', 'one of the problem');
      }
      if (tensor === again[name])
        breaks(context, `parameters().${name}`, 'a fresh tensor', 'the last one again');
      const values = (await download(tensor)).values;
      for (const [claim, other] of [
        ['called twice', again[name]],
        ['and in the problem', lent[name]],
      ] as const) {
        if (other && relativeDistance(values, (await download(other)).values) !== 0) {
          breaks(context, `parameters().${name}, ${claim}`, 'the same bits', 'others');
        }
      }
    }
  } finally {
    tf.dispose([first, again]);
  }
  for (const [name, tensor] of Object.entries(lent)) {
    if (tensor.isDisposed)
      breaks(context, `the problem's ${name}, parameters() disposed of`, 'alive', 'gone');
  }
}

async function checkRefresh({ iteration }: IterationSubject, context: Context): Promise<void> {
  await withParameters(iteration, async (parameters) => {
    const before = tf.memory().numTensors;
    const refreshed = (await iteration.refresh?.(parameters)) ?? {};
    const made = tf.memory().numTensors - before;
    try {
      const names = Object.keys(refreshed);
      if (made !== names.length) breaks(context, 'tensors that refresh makes', names.length, made);
      for (const [name, tensor] of Object.entries(refreshed)) {
        const classical = parameters[name];
        if (!classical) breaks(context, 'refreshed names', Object.keys(parameters).join(), name);
        if (tensor === classical) breaks(context, `refreshed ${name}`, 'a fresh tensor', 'the given one');
        const [a, b] = [await download(tensor!), await download(classical)];
        const distance = relativeDistance(a.values, b.values);
        // Both read the same parameters on the host in float64; a power iteration may stop elsewhere.
        if (distance > ROUNDING)
          breaks(context, `refreshed ${name}`, 'the classical value', `${distance} away`);
      }
    } finally {
      tf.dispose(refreshed);
    }
  });
}

async function checkDecoder(subject: IterationSubject, context: Context): Promise<void> {
  const { iteration, signalShape } = subject;
  const { operator } = iteration.problem;
  const x = sparseCode(operator.codeShape(signalShape), context.random);
  await withParameters(iteration, async (parameters) => {
    const before = tf.memory().numTensors;
    const decoder = iteration.decoder(parameters);
    const made = tf.memory().numTensors - before;
    if (made !== 0) breaks(context, 'tensors that decoder() allocates', 0, made);
    const own = withoutPrefix('operator', parameters);
    for (const [name, tensor] of Object.entries(own)) {
      if (decoder.parameters[name] !== tensor) {
        breaks(context, `${name} of decoder(p)`, `p['operator.${name}'] itself`, 'another tensor');
      }
    }
    const [seen, expected] = await withInputs({ x }, async (tensors) => [
      await read(() => decoder.apply(tensors['x']!)),
      await read(() => operator.apply(tensors['x']!)),
    ]);
    const distance = relativeDistance(seen!.values, expected!.values);
    if (distance > ROUNDING) breaks(context, 'decoder x', 'A x', `${distance} away`);
  });
}
