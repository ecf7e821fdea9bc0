import type { Operator, Random } from '@unrolled/contracts';
import type { Subject } from '../conform.ts';
import { normalValues } from '../shared/host.ts';
import type { Kind, Operation } from '../shared/operation.ts';

/** An operator to be examined. */
export interface OperatorSubject extends Subject {
  readonly operator: Operator;
  /** The shape of a signal, batch first: `[2, 12]`, `[2, 40, 3]`. A batch of at least 2 and few numbers are best. */
  readonly signalShape: readonly number[];
  /** How many times ‖A‖² `lipschitz()` may be. Default 2. */
  readonly looseness?: number;
}

export const operatorKind: Kind<OperatorSubject, Operator> = {
  part: ({ operator }) => operator,
  async operations({ operator, signalShape }: OperatorSubject, random: Random) {
    const x = normalValues(operator.codeShape(signalShape), random);
    const y = normalValues(signalShape, random);
    const operations: Operation<Operator>[] = [
      {
        name: 'apply(x)',
        inputs: { x },
        run: (part, inputs) => part.apply(inputs['x']!),
        differentiable: true,
      },
      {
        name: 'adjoint(y)',
        inputs: { y },
        run: (part, inputs) => part.adjoint(inputs['y']!),
        differentiable: true,
      },
    ];
    return operations;
  },
};
