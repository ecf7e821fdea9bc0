import * as tf from '@tensorflow/tfjs-core';
import { type Network, problemParameters } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { ROUNDING, relativeDistance } from '../shared/host.ts';
import { type NetworkSubject, tensorsMadeBy, valuesOf } from './subject.ts';

/** The variables of a network: who holds them, and what becomes of them. */
export const weightLaws: readonly Law<NetworkSubject>[] = [
  {
    name: 'variables',
    statement:
      'trainable ⊂ variables, in one order; parameters(t), t = 1 … layers, are lent out of the variables',
    check: async ({ network }, context) => checkVariables(network, context),
  },
  {
    name: 'problem',
    statement: 'problem() is around the network’s own variables, and allocates no tensor',
    check: async ({ network }, context) => checkProblem(network, context),
  },
  {
    name: 'constrain and refresh',
    statement: 'constrain() and refresh() leave no tensor behind, and a second time nothing changes',
    check: async ({ network }, context) => checkUpkeep(network, context),
  },
  {
    name: 'dispose',
    statement:
      'dispose() disposes of every variable; encode refuses from then on; a second time does no harm',
    check: async (subject, context) => checkDispose(subject, context),
  },
];

function checkVariables(network: Network, context: Context): void {
  const { variables, trainable, layers } = network;
  const all = Object.values(variables);
  for (const [name, variable] of Object.entries(variables)) {
    if (!(variable instanceof tf.Variable))
      breaks(context, `variables['${name}']`, 'a tf.Variable', typeof variable);
    if (variable.isDisposed) breaks(context, `variables['${name}']`, 'alive', 'disposed of');
  }
  for (const [index, variable] of trainable.entries()) {
    if (!all.includes(variable)) breaks(context, `trainable[${index}]`, 'one of the variables', 'another');
    if (network.trainable[index] !== variable)
      breaks(context, `trainable[${index}], read twice`, 'one variable', 'two');
  }
  for (let layer = 1; layer <= layers; layer++) {
    const made = tensorsMadeBy(() => network.parameters(layer));
    if (made !== 0) breaks(context, `tensors that parameters(${layer}) makes`, 0, made);
    for (const [name, tensor] of Object.entries(network.parameters(layer))) {
      if (!all.some((variable) => variable === tensor)) {
        breaks(context, `parameters(${layer})['${name}']`, 'one of the variables', 'another tensor');
      }
    }
  }
  for (const layer of [0, layers + 1]) {
    let refused = false;
    try {
      network.parameters(layer);
    } catch {
      refused = true;
    }
    if (!refused) breaks(context, `parameters(${layer}) of ${layers} layers`, 'an error', 'a record');
  }
}

function checkProblem(network: Network, context: Context): void {
  const made = tensorsMadeBy(() => network.problem());
  if (made !== 0) breaks(context, 'tensors that problem() makes', 0, made);
  const all: readonly tf.Tensor[] = Object.values(network.variables);
  for (const [name, tensor] of Object.entries(problemParameters(network.problem()))) {
    if (!all.includes(tensor))
      breaks(context, `${name} of problem()`, 'one of the variables', 'another tensor');
  }
}

async function checkUpkeep(network: Network, context: Context): Promise<void> {
  const upkeep = async () => {
    network.constrain();
    await network.refresh();
  };
  const before = tf.memory().numTensors;
  await upkeep();
  const left = tf.memory().numTensors - before;
  if (left !== 0) breaks(context, 'tensors that constrain() and refresh() leave', 0, left);
  const once = await valuesOf(network);
  await upkeep();
  for (const [name, { values }] of await valuesOf(network)) {
    const distance = relativeDistance(values, once.get(name)?.values ?? []);
    if (distance > ROUNDING)
      breaks(context, `${name}, constrained and refreshed twice`, 'as after once', `${distance} away`);
  }
}

async function checkDispose({ network, signalShape }: NetworkSubject, context: Context): Promise<void> {
  network.dispose();
  for (const [name, variable] of Object.entries(network.variables)) {
    if (!variable.isDisposed) breaks(context, `${name} after dispose()`, 'disposed of', 'alive');
  }
  network.dispose();
  const y = tf.zeros([...signalShape]);
  try {
    network.encode(y).dispose();
  } catch {
    return;
  } finally {
    y.dispose();
  }
  breaks(context, 'encode after dispose()', 'an error', 'a code');
}
