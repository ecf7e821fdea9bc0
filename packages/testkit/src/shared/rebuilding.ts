import * as tf from '@tensorflow/tfjs-core';
import type { Named, Parametric } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { download, read, relativeDistance } from './host.ts';
import { type Kind, type Operation, withInputs } from './operation.ts';

/** What makes a thing trainable: tensors that it shows by name, and the same thing around others. */
export function rebuildingLaws<S, P extends Parametric>(kind: Kind<S, P>): readonly Law<S>[] {
  return [
    {
      name: 'parameters',
      statement: 'parameters are live tensors under names that stay the same, each time the very same ones',
      check: async (subject, context) => checkParameters(kind.part(subject), context),
    },
    {
      name: 'with',
      statement:
        'with(p) is the same map around p: it holds p itself, allocates no tensor, leaves the first as it is',
      check: async (subject, context) =>
        checkWith(kind.part(subject), await kind.operations(subject, context.random), context),
    },
  ];
}

function checkParameters(part: Parametric, context: Context): void {
  const first = part.parameters;
  const again = part.parameters;
  for (const [name, tensor] of Object.entries(first)) {
    if (!(tensor instanceof tf.Tensor)) breaks(context, `parameters.${name}`, 'a tensor', typeof tensor);
    if (tensor.isDisposed) breaks(context, `parameters.${name}`, 'a live tensor', 'a disposed one');
    if (again[name] !== tensor) breaks(context, `parameters.${name}, read twice`, 'one tensor', 'two');
  }
  if (Object.keys(again).join() !== Object.keys(first).join()) {
    breaks(context, 'names of parameters, read twice', Object.keys(first).join(), Object.keys(again).join());
  }
}

async function checkWith<P extends Parametric>(
  part: P,
  operations: readonly Operation<P>[],
  context: Context,
): Promise<void> {
  const own = { ...part.parameters };
  const names = Object.keys(own);
  for (const changed of [undefined, ...names]) {
    const others = await copies(own, changed);
    try {
      const before = tf.memory().numTensors;
      const rebuilt = part.with(others) as P;
      const made = tf.memory().numTensors - before;
      if (made !== 0) breaks(context, 'tensors that with(p) allocates', 0, made);
      const found = Object.keys(rebuilt.parameters);
      if (found.join() !== names.join()) {
        breaks(context, 'names of with(p).parameters', names.join() || 'none', found.join() || 'none');
      }
      for (const name of names) {
        if (rebuilt.parameters[name] !== others[name]) {
          breaks(context, `with(p).parameters.${name}`, `p.${name} itself`, 'another tensor');
        }
        if (part.parameters[name] !== own[name]) {
          breaks(context, `parameters.${name} of the first after with(p)`, 'its own tensor', 'another one');
        }
      }
      await compareResults(part, rebuilt, operations, changed, context);
    } finally {
      tf.dispose(others);
    }
  }
}

/** Copies of all parameters, one of them a tenth larger (0.1 in place of 0). */
async function copies(own: Named, changed: string | undefined): Promise<Named> {
  const made: { [name: string]: tf.Tensor } = {};
  for (const [name, tensor] of Object.entries(own)) {
    const { shape, values } = await download(tensor);
    const copy = name === changed ? values.map((value) => value * 1.1 || 0.1) : values;
    made[name] = tf.tensor(copy, [...shape], 'float32');
  }
  return made;
}

/** Around equal parameters the results are equal to the bit; around another one, some result is another. */
async function compareResults<P extends Parametric>(
  part: P,
  rebuilt: P,
  operations: readonly Operation<P>[],
  changed: string | undefined,
  context: Context,
): Promise<void> {
  let largest = 0;
  for (const operation of operations) {
    const [a, b] = await withInputs(operation.inputs, async (tensors) => [
      await read(() => operation.run(part, tensors)),
      await read(() => operation.run(rebuilt, tensors)),
    ]);
    const distance = relativeDistance(a!.values, b!.values);
    largest = Math.max(largest, distance);
    if (changed === undefined && distance !== 0) {
      breaks(context, `${operation.name} of with(equal parameters)`, 'the same bits', `${distance} away`);
    }
  }
  if (changed !== undefined && largest === 0) {
    breaks(context, `with another ${changed}`, 'other results', 'the same: the parameter is not used');
  }
}
