import type * as tf from '@tensorflow/tfjs-core';
import { breaks, type Context, type Law } from '../law.ts';
import {
  download,
  example,
  type HostTensor,
  norm,
  ROUNDING,
  read,
  relativeDistance,
  sameShape,
} from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawSignal, type NetworkSubject, tensorsMadeBy, valuesOf } from './subject.ts';

/** Encoding and decoding. */
export const passLaws: readonly Law<NetworkSubject>[] = [
  {
    name: 'shapes',
    statement: 'encode: s → codeShape(s) of the problem’s operator, decode: back to s, float32',
    check: checkShapes,
  },
  {
    name: 'no tensor left behind',
    statement:
      'encode and decode make one tensor each; data, codes and variables have the same bits afterwards',
    check: checkTensors,
  },
  {
    name: 'batch independence',
    statement: 'the code of an example is that of the example alone',
    check: checkExamples,
  },
];

async function checkShapes(subject: NetworkSubject, context: Context): Promise<void> {
  const { network, signalShape } = subject;
  const y = await drawSignal(subject, context.random);
  const codeShape = network.problem().operator.codeShape(signalShape);
  const code = await withInputs({ y }, (tensors) => read(() => network.encode(tensors['y']!)));
  if (!sameShape(code.shape, codeShape)) breaks(context, 'shape of encode(y)', codeShape, [...code.shape]);
  if (norm(code.values) === 0) breaks(context, 'encode(y)', 'not all zero', 'zeros: choose a smaller weight');
  const signal = await withInputs({ code }, (tensors) => read(() => network.decode(tensors['code']!)));
  if (!sameShape(signal.shape, signalShape)) {
    breaks(context, 'shape of decode(x)', [...signalShape], [...signal.shape]);
  }
}

async function checkTensors(subject: NetworkSubject, context: Context): Promise<void> {
  const { network } = subject;
  const y = await drawSignal(subject, context.random);
  const before = await valuesOf(network);
  await withInputs({ y }, async (tensors) => {
    let code: tf.Tensor | undefined;
    let signal: tf.Tensor | undefined;
    const encoding = tensorsMadeBy(() => {
      code = network.encode(tensors['y']!);
    });
    const decoding = tensorsMadeBy(() => {
      signal = network.decode(code!);
    });
    code?.dispose();
    signal?.dispose();
    if (encoding !== 1) breaks(context, 'tensors that encode(y) makes', 1, encoding);
    if (decoding !== 1) breaks(context, 'tensors that decode(x) makes', 1, decoding);
    const after = await download(tensors['y']!);
    if (relativeDistance(after.values, y.values) !== 0)
      breaks(context, 'y after encode', 'the same bits', 'others');
  });
  for (const [name, { values }] of await valuesOf(network)) {
    if (relativeDistance(values, before.get(name)?.values ?? []) !== 0) {
      breaks(context, `${name} after encode and decode`, 'the same bits', 'others');
    }
  }
}

async function checkExamples(subject: NetworkSubject, context: Context): Promise<void> {
  const y = await drawSignal(subject, context.random);
  const encode = (signal: HostTensor) =>
    withInputs({ signal }, (tensors) => read(() => subject.network.encode(tensors['signal']!)));
  const whole = await encode(y);
  for (let index = 0; index < y.shape[0]!; index++) {
    const distance = relativeDistance((await encode(example(y, index))).values, example(whole, index).values);
    // Rounding in another order, once a layer.
    if (distance > subject.network.layers * ROUNDING) {
      breaks(context, `code of example ${index} alone and in a batch`, 'the same', `${distance} away`);
    }
  }
}
