import type { Parametric } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { checkGradients } from './gradients.ts';
import { download, example, type HostTensor, ROUNDING, read, relativeDistance, sameShape } from './host.ts';
import { type Kind, type Operation, withInputs } from './operation.ts';

/** What holds for everything with parameters: its gradients, and examples that do not see each other. */
export function derivativeLaws<S, P extends Parametric>(kind: Kind<S, P>): readonly Law<S>[] {
  return [
    {
      name: 'gradients',
      statement: '⟨∇⟨c, f⟩, d⟩ = d/dt ⟨c, f(· + t d)⟩ for every input and every parameter',
      async check(subject, context) {
        const part = kind.part(subject);
        for (const operation of await kind.operations(subject, context.random)) {
          if (operation.differentiable) await checkOperationGradients(part, operation, context);
        }
      },
    },
    {
      name: 'batch independence',
      statement: 'f(batch)ᵢ = f(exampleᵢ)',
      async check(subject, context) {
        const part = kind.part(subject);
        for (const operation of await kind.operations(subject, context.random)) {
          await checkExamples(part, operation, context);
        }
      },
    },
  ];
}

async function checkOperationGradients<P extends Parametric>(
  part: P,
  operation: Operation<P>,
  context: Context,
): Promise<void> {
  const { name } = operation;
  await checkGradients(context, {
    name,
    inputs: operation.inputs,
    run: (inputs) => operation.run(part, inputs),
  });
  const parameters: { [name: string]: HostTensor } = {};
  for (const [key, tensor] of Object.entries(part.parameters)) parameters[key] = await download(tensor);
  await withInputs(operation.inputs, (tensors) =>
    checkGradients(context, {
      name,
      inputs: parameters,
      run: (others) => operation.run(part.with(others) as P, tensors),
    }),
  );
}

async function checkExamples<P extends Parametric>(
  part: P,
  operation: Operation<P>,
  context: Context,
): Promise<void> {
  const run = (inputs: Operation<P>['inputs']) =>
    withInputs(inputs, (tensors) => read(() => operation.run(part, tensors)));
  const whole = await run(operation.inputs);
  for (let index = 0; index < whole.shape[0]!; index++) {
    const alone = await run(
      Object.fromEntries(
        Object.entries(operation.inputs).map(([name, input]) => [
          name,
          input.shape.length === 0 ? input : example(input, index),
        ]),
      ),
    );
    const expected = example(whole, index);
    if (!sameShape(alone.shape, expected.shape)) {
      breaks(context, `${operation.name}, shape of example ${index} alone`, expected.shape, alone.shape);
    }
    // Another batch size may sum in another order, no more.
    const distance = relativeDistance(alone.values, expected.values);
    if (distance > ROUNDING) {
      breaks(
        context,
        `${operation.name}, example ${index} alone and in a batch`,
        'the same',
        `${distance} away`,
      );
    }
  }
}
