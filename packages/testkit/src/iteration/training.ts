import type { Named } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { checkGradients } from '../shared/gradients.ts';
import { download, type HostTensor, norm, read, relativeDistance } from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawSignal, encode, type IterationSubject, withParameters } from './subject.ts';

/** What training needs: all parameters are used, and gradients go back through the steps. */
export const trainingLaws: readonly Law<IterationSubject>[] = [
  {
    name: 'every parameter counts',
    statement: 'another value of any parameter gives another code after 3 steps, or another decoding of it',
    check: checkUse,
  },
  {
    name: 'gradients',
    statement: '⟨∇⟨c, x₃⟩, d⟩ = d/dt ⟨c, x₃(· + t d)⟩ for the data and every parameter',
    async check(subject, context) {
      const { iteration } = subject;
      const y = await drawSignal(subject, context.random);
      const parameters = await withParameters(iteration, hosted);
      await checkGradients(context, {
        name: 'code after 3 steps',
        inputs: { ...parameters, y },
        run: ({ y: signal, ...named }) => encode(iteration, named, signal!, 3),
        // Each step has kinks of its own, so differences have to stay closer than for one prox.
        h: 2 ** -9,
      });
    },
  },
];

async function hosted(parameters: Named): Promise<{ [name: string]: HostTensor }> {
  const found: { [name: string]: HostTensor } = {};
  for (const [name, tensor] of Object.entries(parameters)) found[name] = await download(tensor);
  return found;
}

async function checkUse(subject: IterationSubject, context: Context): Promise<void> {
  const { iteration } = subject;
  const y = await drawSignal(subject, context.random);
  const classical = await withParameters(iteration, hosted);
  const outcome = (parameters: { [name: string]: HostTensor }) =>
    withInputs({ ...parameters, y }, async ({ y: signal, ...named }) => {
      const code = await read(() => encode(iteration, named, signal!, 3));
      const decoded = await withInputs({ code }, ({ code: x }) =>
        read(() => iteration.decoder(named).apply(x!)),
      );
      return [...code.values, ...decoded.values];
    });
  const usual = await outcome(classical);
  if (norm(usual) === 0)
    breaks(context, 'code after 3 steps', 'not all zero', 'zeros: choose a smaller weight');
  for (const [name, { shape, values }] of Object.entries(classical)) {
    const other = { shape, values: values.map((value) => value * 1.1 || 0.1) };
    const changed = await outcome({ ...classical, [name]: other });
    if (relativeDistance(changed, usual) === 0) breaks(context, `another ${name}`, 'other codes', 'the same');
  }
}
