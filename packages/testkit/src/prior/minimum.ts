import type { Prior, Random } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import {
  example,
  type HostTensor,
  moved,
  normalValues,
  ROUNDING,
  read,
  relativeDistance,
} from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawCode, type PriorSubject, penaltyOf, proxOf, scalar } from './subject.ts';

/** prox is the minimum that it is defined by, at every step. */
export const minimumLaws: readonly Law<PriorSubject>[] = [
  {
    name: 'prox minimises',
    statement: 'prox(v, 1) = argmin_x Φ(x) + ½‖x − v‖²',
    check: async (subject, context) => checkMinimum(subject, 1, context),
  },
  {
    name: 'prox uses the step',
    statement: 'prox(v, α) = argmin_x α Φ(x) + ½‖x − v‖² for α = 0.3 and 2.5, a number or a tensor',
    async check(subject, context) {
      for (const step of [0.3, 2.5]) {
        await checkMinimum(subject, step, context);
        const v = drawCode(subject, context.random);
        const byNumber = await proxOf(subject.prior, v, step);
        const byTensor = await withInputs({ v, step: scalar(step) }, (tensors) =>
          read(() => subject.prior.prox(tensors['v']!, tensors['step']!)),
        );
        const distance = relativeDistance(byNumber.values, byTensor.values);
        if (distance > ROUNDING) {
          breaks(context, `prox(v, tensor of ${step})`, `prox(v, ${step})`, `one ${distance} away`);
        }
      }
    },
  },
  {
    name: 'bad step refused',
    statement: 'prox(v, α) throws for α = 0, −1, NaN, ∞',
    async check(subject, context) {
      const v = drawCode(subject, context.random);
      for (const step of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
        await withInputs({ v }, (tensors) => {
          let refused = false;
          try {
            subject.prior.prox(tensors['v']!, step).dispose();
          } catch {
            refused = true;
          }
          if (!refused) breaks(context, `prox(v, ${step})`, 'an error', 'a result');
        });
      }
    },
  },
];

/** No candidate is better than prox(v, α): near and far, along coordinates, rays, chords and at random. */
async function checkMinimum(subject: PriorSubject, step: number, context: Context): Promise<void> {
  const { prior } = subject;
  const v = drawCode(subject, context.random);
  const p = await proxOf(prior, v, step);
  const best = await objective(prior, p, v, step);
  for (const [index, value] of best.entries()) {
    if (!Number.isFinite(value)) breaks(context, `Φ(prox(v, ${step})) of example ${index}`, 'finite', value);
  }
  for (const [name, x] of await candidates(subject, v, p, context.random)) {
    const values = await objective(prior, x, v, step);
    for (const [index, value] of values.entries()) {
      // Both sides are sums of float32 terms of the size of Φ + ‖v‖².
      const allowed = ROUNDING * (Math.abs(best[index]!) + squaredSize(v, index));
      if (value < best[index]! - allowed) {
        const claim = `α Φ + ½‖· − v‖² of example ${index} at prox(v, α), α = ${step}`;
        breaks(context, claim, `at most its value at ${name}, ${value}`, best[index]);
      }
    }
  }
}

async function objective(prior: Prior, x: HostTensor, v: HostTensor, step: number): Promise<number[]> {
  const penalty = await penaltyOf(prior, x);
  return Array.from(penalty.values, (value, index) => {
    const [a, b] = [example(x, index).values, example(v, index).values];
    return step * value + a.reduce((sum, entry, i) => sum + (entry - b[i]!) ** 2, 0) / 2;
  });
}

function squaredSize(v: HostTensor, index: number): number {
  return example(v, index).values.reduce((sum, value) => sum + value ** 2, 0);
}

async function candidates(
  subject: PriorSubject,
  v: HostTensor,
  p: HostTensor,
  random: Random,
): Promise<[string, HostTensor][]> {
  const found: [string, HostTensor][] = [
    ['v', v],
    ['0', { shape: p.shape, values: p.values.map(() => 0) }],
  ];
  const towards = (name: string, q: HostTensor, fractions: readonly number[]) => {
    const direction = q.values.map((value, i) => value - p.values[i]!);
    for (const t of fractions) found.push([`prox + ${t}·(${name} − prox)`, moved(p, direction, t)]);
  };
  towards('v', v, [-0.3, -0.1, -0.03, 0.03, 0.1, 0.3, 0.6]);
  towards('0', { shape: p.shape, values: p.values.map(() => 0) }, [-0.3, -0.1, -0.03, 0.03, 0.1, 0.3, 0.6]);
  for (let draw = 0; draw < 8; draw++) {
    // Points of the domain, for penalties that are infinite nearly everywhere.
    const other = await proxOf(subject.prior, drawCode(subject, random), random.uniform(0.1, 3));
    towards('another point of the domain', other, [0.03, 0.1, 0.3, 1]);
    const direction = normalValues(p.shape, random).values;
    for (const t of [0.01, 0.1, 0.5]) found.push(['a random point nearby', moved(p, direction, t)]);
  }
  const size = p.values.length / p.shape[0]!;
  const reach = 2 * (subject.scale ?? 1);
  for (let coordinate = 0; coordinate < size; coordinate++) {
    // Every example moves along its own coordinate at once: to the value itself, and by a little.
    const at = (value: (entry: number) => number): HostTensor => ({
      shape: p.shape,
      values: p.values.map((entry, i) => (i % size === coordinate ? value(entry) : entry)),
    });
    for (let grid = -10; grid <= 10; grid++) {
      found.push([`a grid along coordinate ${coordinate}`, at(() => (grid / 10) * reach)]);
    }
    for (const t of [-0.1, -0.02, 0.02, 0.1]) {
      found.push([`${t} along coordinate ${coordinate}`, at((entry) => entry + t)]);
    }
  }
  return found;
}
