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
} from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawCode, type PriorSubject, penaltyOf, proxOf } from './subject.ts';

/** What the duality gap and conjugate priors ask; skipped where a prior has no such member. */
export const dualityLaws: readonly Law<PriorSubject>[] = [
  {
    name: 'dual scale',
    statement: 's = dualScale(c) ∈ (0, 1] is the largest with Φ*(s c) = 0, that is prox(s c, 1) = 0',
    applies: ({ prior }) => prior.dualScale !== undefined,
    check: checkDualScale,
  },
  {
    name: 'conjugate',
    statement: 'Φ(p) + Φ*(u) = ⟨p, u⟩ at u = (v − p)/α, p = prox(v, α) (Fenchel–Young), and ≥ for other p',
    applies: ({ prior }) => prior.conjugateValue !== undefined,
    check: checkConjugate,
  },
];

async function checkDualScale(subject: PriorSubject, context: Context): Promise<void> {
  const { prior, codeShape } = subject;
  for (const size of [0.05, 1, 20]) {
    const c = normalValues(codeShape, context.random, size * (subject.scale ?? 1));
    const scales = await withInputs({ c }, (tensors) => read(() => prior.dualScale!(tensors['c']!)));
    if (!sameShape(scales.shape, codeShape.slice(0, 1))) {
      breaks(context, 'shape of dualScale(c)', codeShape.slice(0, 1), scales.shape);
    }
    const times = (factor: number): HostTensor => ({
      shape: c.shape,
      values: c.values.map(
        (value, i) => value * factor * scales.values[Math.floor((i * codeShape[0]!) / c.values.length)]!,
      ),
    });
    const [inside, outside] = [await proxOf(prior, times(1 - 1e-4), 1), await proxOf(prior, times(1.01), 1)];
    for (const [index, scale] of scales.values.entries()) {
      if (!(scale > 0 && scale <= 1)) breaks(context, `dualScale of example ${index}`, 'in (0, 1]', scale);
      if (norm(example(inside, index).values) > 0) {
        breaks(
          context,
          `Φ*(s c) of example ${index}, s = ${scale}`,
          '0: s c in the dual ball',
          'outside the ball',
        );
      }
      if (scale < 1 && norm(example(outside, index).values) === 0) {
        breaks(
          context,
          `dualScale of example ${index}`,
          'the largest feasible one',
          `${scale}: 1 % more is feasible`,
        );
      }
    }
  }
}

async function checkConjugate(subject: PriorSubject, context: Context): Promise<void> {
  const { prior } = subject;
  const step = 0.7;
  const v = drawCode(subject, context.random);
  const p = await proxOf(prior, v, step);
  const other = await proxOf(prior, drawCode(subject, context.random), step);
  // A hair inside ∂Φ(p): on the rim of a dual ball float32 could fall on either side of +∞.
  const u = {
    shape: v.shape,
    values: v.values.map((value, i) => ((value - p.values[i]!) / step) * (1 - 1e-6)),
  };
  const conjugate = await withInputs({ u }, (tensors) => read(() => prior.conjugateValue!(tensors['u']!)));
  if (!sameShape(conjugate.shape, p.shape.slice(0, 1))) {
    breaks(context, 'shape of conjugateValue(c)', p.shape.slice(0, 1), conjugate.shape);
  }
  for (const [name, x] of [
    ['p', p],
    ['another p', other],
  ] as const) {
    const penalty = await penaltyOf(prior, x);
    for (const [index, value] of conjugate.values.entries()) {
      const [xOne, uOne] = [example(x, index).values, example(u, index).values];
      const seen = penalty.values[index]! + value;
      const expected = dot(xOne, uOne);
      const allowed = 2 * ROUNDING * (1 + Math.abs(value) + norm(xOne) * norm(uOne));
      if (!(seen >= expected - allowed) || (name === 'p' && !(seen <= expected + allowed))) {
        breaks(context, `Φ(p) + Φ*(u) of example ${index} at ${name}`, `⟨p, u⟩ = ${expected}`, seen);
      }
    }
  }
}
