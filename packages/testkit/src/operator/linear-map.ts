import type { Tensor } from '@tensorflow/tfjs-core';
import { breaks, type Context, type Law } from '../law.ts';
import {
  dot,
  example,
  type HostTensor,
  norm,
  normalValues,
  ROUNDING,
  read,
  sameShape,
  sizeOf,
} from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import type { OperatorSubject } from './subject.ts';

/** What makes two functions a linear map and its adjoint. */
export const linearMapLaws: readonly Law<OperatorSubject>[] = [
  {
    name: 'shapes',
    statement: 'apply: codeShape(s) → s, adjoint: s → codeShape(s), float32; where no code fits, an error',
    check: checkShapes,
  },
  {
    name: 'linearity',
    statement: 'A(a x + b z) = a A x + b A z, and the same for the adjoint',
    check: checkLinearity,
  },
  { name: 'exact adjoint', statement: '⟨A x, y⟩ = ⟨x, Aᵀ y⟩, edges included', check: checkAdjoint },
];

async function checkShapes({ operator, signalShape }: OperatorSubject, context: Context): Promise<void> {
  const codeShape = operator.codeShape(signalShape);
  if (codeShape[0] !== signalShape[0]) {
    breaks(context, `batch of codeShape([${signalShape}])`, signalShape[0], codeShape[0]);
  }
  const { codeSize } = operator;
  if (codeSize !== undefined && codeSize !== codeShape.at(-1)) {
    breaks(context, 'codeSize', `the last axis of codeShape, ${codeShape.at(-1)}`, codeSize);
  }
  const more = operator.codeShape([signalShape[0]! + 5, ...signalShape.slice(1)]);
  const grown = [codeShape[0]! + 5, ...codeShape.slice(1)];
  if (!sameShape(more, grown)) breaks(context, 'codeShape of 5 examples more', grown, more);

  const inputs = { x: normalValues(codeShape, context.random), y: normalValues(signalShape, context.random) };
  await withInputs(inputs, (tensors) => {
    for (const [name, result, expected] of [
      ['apply(x)', operator.apply(tensors['x']!), signalShape],
      ['adjoint(y)', operator.adjoint(tensors['y']!), codeShape],
    ] as const) {
      const { shape, dtype } = result;
      result.dispose();
      if (!sameShape(shape, expected)) breaks(context, `shape of ${name}`, [...expected], shape);
      if (dtype !== 'float32') breaks(context, `dtype of ${name}`, 'float32', dtype);
    }
  });
  await checkRefusal({ operator, signalShape: [...signalShape, 1, 1] }, context);
}

/** A signal of where no code fits, an error, unless the operator can really make one (the identity). */
async function checkRefusal({ operator, signalShape }: OperatorSubject, context: Context): Promise<void> {
  let codeShape: number[];
  try {
    codeShape = operator.codeShape(signalShape);
  } catch {
    return;
  }
  const code = { shape: codeShape, values: new Float32Array(sizeOf(codeShape)) };
  const made = await withInputs({ code }, (tensors) => read(() => operator.apply(tensors['code']!))).catch(
    String,
  );
  if (typeof made === 'string' || !sameShape(made.shape, signalShape)) {
    breaks(context, `codeShape([${signalShape}])`, 'an error', `[${codeShape}], which gives no such signal`);
  }
}

async function checkLinearity({ operator, signalShape }: OperatorSubject, context: Context): Promise<void> {
  const maps = [
    ['A', operator.codeShape(signalShape), (x: Tensor) => operator.apply(x)],
    ['Aᵀ', signalShape, (y: Tensor) => operator.adjoint(y)],
  ] as const;
  for (const [name, shape, map] of maps) {
    const { random } = context;
    const [x, z] = [normalValues(shape, random), normalValues(shape, random)];
    const [a, b] = [random.uniform(0.5, 2), -random.uniform(0.5, 2)];
    const sum: HostTensor = { shape, values: x.values.map((value, i) => a * value + b * z.values[i]!) };
    const of = (input: HostTensor) => withInputs({ input }, (tensors) => read(() => map(tensors['input']!)));
    const [mappedSum, mappedX, mappedZ] = [await of(sum), await of(x), await of(z)];
    const expected = mappedX.values.map((value, i) => a * value + b * mappedZ.values[i]!);
    const distance = norm(expected.map((value, i) => value - mappedSum.values[i]!));
    // Rounding is relative to the terms, which may cancel in the sum.
    const scale = Math.abs(a) * norm(mappedX.values) + Math.abs(b) * norm(mappedZ.values);
    if (!(distance <= ROUNDING * scale)) {
      breaks(context, `‖${name}(a x + b z) − a ${name} x − b ${name} z‖ / scale`, 0, distance / scale);
    }
  }
}

async function checkAdjoint({ operator, signalShape }: OperatorSubject, context: Context): Promise<void> {
  const x = normalValues(operator.codeShape(signalShape), context.random);
  const y = normalValues(signalShape, context.random);
  const [ax, aty] = await withInputs({ x, y }, async (tensors) => [
    await read(() => operator.apply(tensors['x']!)),
    await read(() => operator.adjoint(tensors['y']!)),
  ]);
  for (let index = 0; index < signalShape[0]!; index++) {
    const parts = [ax!, y, x, aty!].map((tensor) => example(tensor, index).values);
    const [axOne, yOne, xOne, atyOne] = parts as [Float32Array, Float32Array, Float32Array, Float32Array];
    const seen = dot(axOne, yOne);
    const expected = dot(xOne, atyOne);
    const scale = norm(axOne) * norm(yOne) + norm(xOne) * norm(atyOne);
    if (!(Math.abs(seen - expected) <= ROUNDING * scale)) {
      breaks(context, `⟨A x, y⟩ of example ${index}`, `⟨x, Aᵀ y⟩ = ${expected}`, seen);
    }
  }
}
