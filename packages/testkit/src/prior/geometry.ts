import { breaks, type Context, type Law } from '../law.ts';
import { dot, example, ROUNDING, sameShape } from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawCode, type PriorSubject, penaltyOf, proxOf } from './subject.ts';

/** How value and prox look, and what follows from convexity. */
export const geometryLaws: readonly Law<PriorSubject>[] = [
  {
    name: 'shapes',
    statement: 'prox: [batch, …] → [batch, …], value: [batch, …] → [batch], float32',
    check: checkShapes,
  },
  {
    name: 'descent',
    statement: 'Φ(p) ≤ Φ(z) − c‖z − p‖²/α, p = prox(z, α), z in the domain; c = 1 where Φ is convex, else ½',
    check: checkDescent,
  },
  {
    name: 'firmly non-expansive',
    statement: '‖p − q‖² ≤ ⟨p − q, v − w⟩, p = prox(v, α), q = prox(w, α), where Φ is convex',
    applies: ({ prior }) => prior.convex,
    check: checkFirm,
  },
];

async function checkShapes(subject: PriorSubject, context: Context): Promise<void> {
  const { prior, codeShape } = subject;
  const v = drawCode(subject, context.random);
  await withInputs({ v }, (tensors) => {
    const results = [
      ['prox(v, 1)', prior.prox(tensors['v']!, 1), codeShape],
      ['value(v)', prior.value(tensors['v']!), codeShape.slice(0, 1)],
    ] as const;
    for (const [name, result, expected] of results) {
      const { shape, dtype } = result;
      result.dispose();
      if (!sameShape(shape, expected)) breaks(context, `shape of ${name}`, [...expected], shape);
      if (dtype !== 'float32') breaks(context, `dtype of ${name}`, 'float32', dtype);
    }
  });
}

async function checkDescent(subject: PriorSubject, context: Context): Promise<void> {
  const { prior } = subject;
  for (const step of [0.5, 2]) {
    const z = await proxOf(prior, drawCode(subject, context.random), 0.3);
    const p = await proxOf(prior, z, step);
    const [before, after] = [await penaltyOf(prior, z), await penaltyOf(prior, p)];
    for (let index = 0; index < z.shape[0]!; index++) {
      const [zOne, pOne] = [example(z, index).values, example(p, index).values];
      const moved = zOne.map((value, i) => value - pOne[i]!);
      const bound = before.values[index]! - ((prior.convex ? 1 : 0.5) * dot(moved, moved)) / step;
      const allowed = ROUNDING * (Math.abs(before.values[index]!) + dot(zOne, zOne) / step);
      if (!(after.values[index]! <= bound + allowed)) {
        const claim = `Φ(prox(z, ${step})) of example ${index}`;
        breaks(context, claim, `at most ${bound}`, after.values[index]);
      }
    }
  }
}

async function checkFirm(subject: PriorSubject, context: Context): Promise<void> {
  const { prior } = subject;
  for (const step of [0.5, 2]) {
    const [v, w] = [drawCode(subject, context.random), drawCode(subject, context.random)];
    // From far apart to close together, where an expansive map shows at its kinks.
    for (const t of [1, 0.1, 0.01]) {
      const near = { shape: v.shape, values: v.values.map((value, i) => value + t * w.values[i]!) };
      const [p, q] = [await proxOf(prior, v, step), await proxOf(prior, near, step)];
      for (let index = 0; index < v.shape[0]!; index++) {
        const [pOne, qOne] = [example(p, index).values, example(q, index).values];
        const [vOne, nearOne] = [example(v, index).values, example(near, index).values];
        const output = pOne.map((value, i) => value - qOne[i]!);
        const input = vOne.map((value, i) => value - nearOne[i]!);
        const [square, inner] = [dot(output, output), dot(output, input)];
        // p − q carries the rounding of p and q, times the length of the other factor.
        const rounding = 2 ** -22 * Math.sqrt(dot(vOne, vOne) + dot(pOne, pOne));
        const allowed = ROUNDING * square + rounding * (Math.sqrt(dot(input, input)) + Math.sqrt(square));
        if (!(square <= inner + allowed)) {
          breaks(
            context,
            `‖p − q‖² of example ${index}, α = ${step}`,
            `at most ⟨p − q, v − w⟩ = ${inner}`,
            square,
          );
        }
      }
    }
  }
}
