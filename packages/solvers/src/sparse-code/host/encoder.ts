import type { CodeSpace } from '../code-space.ts';
import type { FistaSteps } from '../fista-steps.ts';
import type { Kept, Stretch, StretchCode, StretchEncoder } from '../stretch.ts';
import { correlate, subtract } from './correlate.ts';
import { nonZeros } from './non-zeros.ts';
import { violationOf } from './violation.ts';

/** FISTA in code space, in float64: the gradient Aᵀ y − G z takes only entries of z that are not zero. */
export function hostEncoder(space: CodeSpace, steps: FistaSteps): StretchEncoder {
  return Object.freeze({
    capacity: 1 << 14,
    encode: (stretch: Stretch, kept: Kept) => iterate(space, steps, stretch, kept),
    dispose: () => {},
  });
}

function iterate(space: CodeSpace, { step, momenta }: FistaSteps, stretch: Stretch, kept: Kept): StretchCode {
  const { atoms } = space.bank;
  const correlation = correlate(space, stretch);
  const size = correlation.length;
  const shrink = shrinkageOf(space, step);
  const [code, z] = [new Float64Array(size), new Float64Array(size)];
  let gradient = correlation;
  let updates = 0;
  const pull = (of: Float64Array): Float64Array => {
    const result = correlation.slice();
    of.forEach((value, entry) => {
      if (value === 0) return;
      updates++;
      subtract(space, result, { position: Math.floor(entry / atoms), atom: entry % atoms, value });
    });
    return result;
  };
  momenta.forEach((momentum, t) => {
    for (let entry = 0; entry < size; entry++) {
      const next = shrink(z[entry]! + step * gradient[entry]!, entry % atoms);
      z[entry] = next + momentum * (next - code[entry]!);
      code[entry] = next;
    }
    if (t + 1 < momenta.length) gradient = pull(z);
  });
  const [first, end] = [(kept.from - stretch.from) * atoms, (kept.to - stretch.from) * atoms];
  let violation = 0;
  if (kept.measure) {
    const residual = pull(code);
    for (let entry = first; entry < end; entry++) {
      const [atom, x] = [entry % atoms, code[entry]!];
      violation = Math.max(violation, violationOf(space, atom, x, residual[entry]! - space.ridge[atom]! * x));
    }
  }
  return { events: nonZeros(code.subarray(first, end), atoms, kept.from), violation, updates };
}

/** prox(v, step) = (v − min(max(v, −step·below), step·above)) / (1 + step·ridge), atom by atom. */
const shrinkageOf =
  ({ above, below, ridge }: CodeSpace, step: number) =>
  (v: number, atom: number): number =>
    (v - Math.min(Math.max(v, -step * below[atom]!), step * above[atom]!)) / (1 + step * ridge[atom]!);
