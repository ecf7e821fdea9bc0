import type { Prior } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import {
  example,
  type HostTensor,
  moved,
  norm,
  normalValues,
  read,
  relativeDistance,
  sameShape,
} from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawCode, type PriorSubject, proxOf } from './subject.ts';

/** What the Karush–Kuhn–Tucker stopping rule asks of a prior; skipped where it has no such member. */
export const optimalityLaws: readonly Law<PriorSubject>[] = [
  {
    name: 'violation',
    statement: 'violation(p, (p − v)/α) = 0 at p = prox(v, α), ≥ 0 and, for some other gradients, > 0',
    applies: ({ prior }) => prior.violation !== undefined,
    check: checkViolation,
  },
];

function violationOf(prior: Prior, x: HostTensor, gradient: HostTensor): Promise<HostTensor> {
  return withInputs({ x, gradient }, (tensors) =>
    read(() => prior.violation!(tensors['x']!, tensors['gradient']!)),
  );
}

async function checkViolation(subject: PriorSubject, context: Context): Promise<void> {
  const { prior } = subject;
  const step = 0.7;
  const v = drawCode(subject, context.random);
  const p = await proxOf(prior, v, step);
  // (v − p)/α ∈ ∂Φ(p) by the optimality of prox.
  const gradient = { shape: v.shape, values: p.values.map((value, i) => (value - v.values[i]!) / step) };
  const atMinimum = await violationOf(prior, p, gradient);
  if (!sameShape(atMinimum.shape, p.shape))
    breaks(context, 'shape of violation', [...p.shape], atMinimum.shape);
  const largest = atMinimum.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = norm(v.values) / Math.sqrt(v.values.length) / step;
  // Float32 rounding of p and of the division.
  if (!(largest <= 1e-4 * scale)) breaks(context, 'violation at a minimum', 0, largest);

  // At a corner of a domain a whole cone of gradients is right, at its only point all are.
  const elsewhere = await proxOf(prior, drawCode(subject, context.random), step);
  const wrong = new Set(
    Array.from({ length: p.shape[0]! }, (_, index) => index).filter(
      (index) => relativeDistance(example(p, index).values, example(elsewhere, index).values) > 0,
    ),
  );
  for (let draw = 0; draw < 12; draw++) {
    const push = normalValues(p.shape, context.random, 30 * scale).values;
    const seen = await violationOf(prior, p, moved(gradient, push, 1));
    const bad = seen.values.find((value) => !(value >= 0));
    if (bad !== undefined) breaks(context, 'violation', 'numbers ≥ 0', bad);
    for (const index of wrong) {
      if (example(seen, index).values.some((value) => value > 1e-3 * scale)) wrong.delete(index);
    }
  }
  for (const index of wrong) {
    breaks(
      context,
      `violation of example ${index} at 12 gradients far from a minimum`,
      'positive for some',
      'zeros',
    );
  }
}
