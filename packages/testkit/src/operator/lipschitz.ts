import type { Operator } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { norm, normalValues, read } from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import type { OperatorSubject } from './subject.ts';

/** The step of every solver is one over this number: too small and it diverges, too large and it crawls. */
export const lipschitzLaw: Law<OperatorSubject> = {
  name: 'Lipschitz bound',
  statement: '‖A‖² ≤ lipschitz() ≤ looseness · ‖A‖²',
  async check({ operator, signalShape, looseness = 2 }, context) {
    const bound = await operator.lipschitz();
    if (!Number.isFinite(bound) || bound < 0) breaks(context, 'lipschitz()', 'a finite number ≥ 0', bound);
    const reached = await largestSquaredGain(operator, signalShape, context);
    // Power iteration approaches ‖A‖² from below; 1e-4 stands for the rounding of its last turn.
    if (reached > bound * (1 + 1e-4)) breaks(context, 'lipschitz()', `at least ‖A‖² = ${reached}`, bound);
    if (bound > looseness * reached && bound > 0) {
      breaks(context, 'lipschitz()', `at most ${looseness} · ‖A‖² = ${looseness * reached}`, bound);
    }
  },
};

/** Power iteration on AᵀA from below: ‖A x‖² / ‖x‖² never exceeds ‖A‖². */
async function largestSquaredGain(
  operator: Operator,
  signalShape: readonly number[],
  context: Context,
): Promise<number> {
  let x = normalValues(operator.codeShape([1, ...signalShape.slice(1)]), context.random);
  let gain = 0;
  for (let turn = 0; turn < 60; turn++) {
    const size = norm(x.values);
    if (size === 0) return gain;
    const unit = { shape: x.shape, values: x.values.map((value) => value / size) };
    x = await withInputs({ unit }, async (tensors) => {
      const signal = await read(() => operator.apply(tensors['unit']!));
      gain = norm(signal.values) ** 2;
      return withInputs({ signal }, (signals) => read(() => operator.adjoint(signals['signal']!)));
    });
  }
  return gain;
}
