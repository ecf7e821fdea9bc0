import * as tf from '@tensorflow/tfjs-core';
import type { Parametric } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { download } from './host.ts';
import { type Kind, type Operation, withInputs } from './operation.ts';

/** Who owns what: results are fresh, nothing else stays behind, and what was given is as it was. */
export function ownershipLaws<S, P extends Parametric>(kind: Kind<S, P>): readonly Law<S>[] {
  const onEvery = (
    name: string,
    statement: string,
    check: (operation: Operation<P>, part: P, context: Context) => Promise<void>,
  ): Law<S> => ({
    name,
    statement,
    async check(subject, context) {
      const part = kind.part(subject);
      for (const operation of await kind.operations(subject, context.random)) {
        await check(operation, part, context);
      }
    },
  });
  return [
    onEvery('fresh results', 'a result is a tensor of its own, which its caller may dispose of', checkFresh),
    onEvery('no tensor left behind', 'numTensors after − before = 1, the result', checkLeavesNothing),
    onEvery('inputs unchanged', 'inputs and parameters have the same bits afterwards', checkUnchanged),
    onEvery('finite', 'finite inputs give finite results, all zeros and large ones included', checkFinite),
  ];
}

async function checkFresh<P extends Parametric>(
  operation: Operation<P>,
  part: P,
  context: Context,
): Promise<void> {
  await withInputs(operation.inputs, (tensors) => {
    const result = operation.run(part, tensors);
    const lent = { ...part.parameters, ...tensors };
    for (const [name, tensor] of Object.entries(lent)) {
      if (result === tensor) breaks(context, operation.name, 'a fresh tensor', `${name} itself`);
    }
    result.dispose();
    for (const [name, tensor] of Object.entries(lent)) {
      if (tensor.isDisposed) {
        breaks(context, `${operation.name}, its result disposed of`, `${name} alive`, `${name} disposed of`);
      }
    }
  });
}

async function checkLeavesNothing<P extends Parametric>(
  operation: Operation<P>,
  part: P,
  context: Context,
): Promise<void> {
  await withInputs(operation.inputs, (tensors) => {
    const before = tf.memory().numTensors;
    const result = operation.run(part, tensors);
    const made = tf.memory().numTensors - before;
    // A result that is one of the inputs is the other law's matter.
    const lent = [...Object.values(part.parameters), ...Object.values(tensors)].includes(result);
    if (!lent) result.dispose();
    const behind = lent ? made : made - 1;
    if (behind !== 0) breaks(context, `${operation.name}, tensors left besides the result`, 0, behind);
  });
}

async function checkUnchanged<P extends Parametric>(
  operation: Operation<P>,
  part: P,
  context: Context,
): Promise<void> {
  const parameters = Object.entries(part.parameters);
  const before = await Promise.all(parameters.map(async ([, tensor]) => (await download(tensor)).values));
  await withInputs(operation.inputs, async (tensors) => {
    const result = operation.run(part, tensors);
    // A result that is one of the inputs breaks another law.
    if (!Object.values(tensors).includes(result)) result.dispose();
    const expected = [
      ...Object.entries(operation.inputs).map(
        ([name, { values }]) => [name, tensors[name]!, values] as const,
      ),
      ...parameters.map(([name, tensor], index) => [name, tensor, before[index]!] as const),
    ];
    for (const [name, tensor, values] of expected) {
      if (tensor.isDisposed) breaks(context, operation.name, `${name} alive`, `${name} disposed of`);
      const after = await tensor.data();
      const changed = values.findIndex((value, index) => !Object.is(value, after[index]));
      if (changed >= 0) {
        breaks(context, `${operation.name}, ${name} at ${changed}`, values[changed], after[changed]);
      }
    }
  });
}

async function checkFinite<P extends Parametric>(
  operation: Operation<P>,
  part: P,
  context: Context,
): Promise<void> {
  for (const factor of [1, 0, operation.large ?? 1000]) {
    // A scalar input is a step: it has to stay positive.
    const inputs = Object.fromEntries(
      Object.entries(operation.inputs).map(([name, { shape, values }]) => [
        name,
        { shape, values: shape.length === 0 ? values : values.map((value) => factor * value) },
      ]),
    );
    await withInputs(inputs, async (tensors) => {
      const result = operation.run(part, tensors);
      const values = await result.data();
      result.dispose();
      const bad = values.findIndex((value) => !Number.isFinite(value) && !(operation.extended && value > 0));
      if (bad >= 0) {
        breaks(context, `${operation.name} at ${factor} times the inputs`, 'finite numbers', values[bad]);
      }
    });
  }
}
