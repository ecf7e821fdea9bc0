import * as tf from '@tensorflow/tfjs-core';
import { breaks, type Context, type Law } from '../law.ts';
import { download, type HostTensor, ROUNDING, relativeDistance, sameShape } from '../shared/host.ts';
import { drawCode, type PriorSubject, proxOf } from './subject.ts';

/** What fused kernels ask of a prior whose prox is a shrinkage; skipped where a prior has no such member. */
export const shrinkageLaws: readonly Law<PriorSubject>[] = [
  {
    name: 'shrinkage',
    statement:
      'slope·(v − min(max(v, −below), above)) = prox(v, α), below ≥ 0, above ≥ 0, 0 < slope ≤ 1: scalars or [atoms]',
    applies: ({ prior }) => prior.shrinkage !== undefined,
    check: checkShrinkage,
  },
];

async function checkShrinkage(subject: PriorSubject, context: Context): Promise<void> {
  const { prior, codeShape } = subject;
  const atoms = codeShape.at(-1)!;
  for (const step of [0.3, 2.5]) {
    const v = drawCode(subject, context.random);
    const rows = prior.shrinkage!(step);
    const [below, above, slope] = [
      await download(rows.below),
      await download(rows.above),
      await download(rows.slope),
    ];
    tf.dispose({ ...rows });
    for (const [name, row, expected, holds] of [
      ['below', below, 'numbers ≥ 0', (value: number) => value >= 0],
      ['above', above, 'numbers ≥ 0', (value: number) => value >= 0],
      ['slope', slope, 'numbers in (0, 1]', (value: number) => value > 0 && value <= 1],
    ] as const) {
      if (row.values.length !== 1 && !sameShape(row.shape, [atoms]))
        breaks(context, `shape of ${name}, α = ${step}`, `a scalar or [${atoms}]`, row.shape);
      const bad = row.values.find((value) => !holds(value));
      if (bad !== undefined) breaks(context, `${name}, α = ${step}`, expected, bad);
    }
    const at = (row: HostTensor, index: number): number =>
      row.values[row.values.length === 1 ? 0 : index % atoms]!;
    const values = v.values.map((value, index) => {
      const inside = Math.min(Math.max(value, -at(below, index)), at(above, index));
      return at(slope, index) * (value - inside);
    });
    const distance = relativeDistance(values, (await proxOf(prior, v, step)).values);
    if (distance > ROUNDING)
      breaks(context, `the shrinkage of v, α = ${step}`, `prox(v, ${step})`, `one ${distance} away`);
  }
}
