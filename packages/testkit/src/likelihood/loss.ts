import { breaks, type Context, type Law } from '../law.ts';
import { differences } from '../shared/differences.ts';
import { dot, example, type HostTensor, moved, normalValues, ROUNDING } from '../shared/host.ts';
import { drawEta, drawSignal, type LikelihoodSubject, ofBoth, ofEta } from './subject.ts';

const H = 2 ** -6;

/** The loss is that of the family, and the residual is what descends it. */
export const lossLaws: readonly Law<LikelihoodSubject>[] = [
  {
    name: 'residual',
    statement: 'residual(y, η) = −∂ negLogLik / ∂η = (y − mean(η))·θ′(η), where exactResidual',
    applies: ({ likelihood }) => likelihood.exactResidual,
    check: checkResidual,
  },
  {
    name: 'working residual',
    statement:
      'where exactResidual is false, residual(y, η) has the sign of (y − mean(η))·θ′(η), and is that where no bound acts',
    applies: ({ likelihood }) => !likelihood.exactResidual,
    check: checkWorkingResidual,
  },
  {
    name: 'loss',
    statement: 'negLogLik(y, η) = Σ B(η) − y θ(η) of every example, up to what does not depend on η',
    check: checkLoss,
  },
];

async function checkResidual(subject: LikelihoodSubject, context: Context): Promise<void> {
  const { likelihood } = subject;
  const eta = drawEta(subject, context.random);
  const y = await drawSignal(subject, eta, context.random);
  const residual = await ofBoth(likelihood, 'residual', y, eta);
  const direction = normalValues(eta.shape, context.random).values;
  const { derivative, smooth, noise } = await differences(
    (t) => ofBoth(likelihood, 'negLogLik', y, moved(eta, direction, t)),
    H,
  );
  for (const [index, slope] of derivative.entries()) {
    if (!smooth[index]) continue;
    const seen = dot(example(residual, index).values, direction.slice(...span(eta, index)));
    if (!(Math.abs(seen + slope) <= 5e-3 * Math.abs(slope) + 8 * noise)) {
      breaks(context, `⟨residual, d⟩ of example ${index}`, `−d/dt negLogLik(η + t d) = ${-slope}`, seen);
    }
  }
  for (const [index, { expected, allowed }] of (await classical(subject, y, eta)).entries()) {
    const value = residual.values[index]!;
    if (!(Math.abs(value - expected) <= allowed)) {
      breaks(context, `residual at ${index}`, `(y − mean(η))·θ′(η) = ${expected}`, value);
    }
  }
}

/** (y − mean(η))·θ′(η) of every entry, and by how much rounding and differences may miss it. */
async function classical(
  { likelihood }: LikelihoodSubject,
  y: HostTensor,
  eta: HostTensor,
): Promise<readonly { readonly expected: number; readonly allowed: number }[]> {
  const mean = await ofEta(likelihood, 'mean', eta);
  const ones = eta.values.map(() => 1);
  const natural = likelihood.natural
    ? await differences((t) => ofEta(likelihood, 'natural', moved(eta, ones, t)), H)
    : undefined;
  return Array.from(mean.values, (value, index) => {
    const slope = natural?.derivative[index] ?? 1;
    const scale = Math.abs(y.values[index]!) + Math.abs(value);
    const doubt = natural ? 5e-3 * Math.abs(slope) + 4 * natural.noise : 0;
    return {
      expected: (y.values[index]! - value) * slope,
      allowed: (ROUNDING * Math.abs(slope) + doubt) * scale,
    };
  });
}

async function checkWorkingResidual(subject: LikelihoodSubject, context: Context): Promise<void> {
  const eta = drawEta(subject, context.random);
  const y = await drawSignal(subject, eta, context.random);
  const residual = await ofBoth(subject.likelihood, 'residual', y, eta);
  let equal = 0;
  for (const [index, { expected, allowed }] of (await classical(subject, y, eta)).entries()) {
    const value = residual.values[index]!;
    if (Math.abs(value - expected) <= allowed) equal++;
    else if (!(value * expected > 0)) {
      breaks(context, `residual at ${index}`, `a number of the sign of ${expected}`, value);
    }
  }
  // A bound that always acts is another likelihood: that of one entry in eight it must leave alone.
  if (equal * 8 < residual.values.length) {
    breaks(context, 'entries where the residual is exact', `at least ${residual.values.length / 8}`, equal);
  }
}

function span({ shape, values }: HostTensor, index: number): [number, number] {
  const size = values.length / shape[0]!;
  return [index * size, (index + 1) * size];
}

async function checkLoss(subject: LikelihoodSubject, context: Context): Promise<void> {
  const { likelihood } = subject;
  const [eta, other] = [drawEta(subject, context.random), drawEta(subject, context.random)];
  const y = await drawSignal(subject, eta, context.random);
  const loss = await ofBoth(likelihood, 'negLogLik', y, eta);
  const otherLoss = await ofBoth(likelihood, 'negLogLik', y, other);
  const [b, otherB] = [
    await ofEta(likelihood, 'logPartition', eta),
    await ofEta(likelihood, 'logPartition', other),
  ];
  const [theta, otherTheta] = [
    await ofEta(likelihood, 'natural', eta),
    await ofEta(likelihood, 'natural', other),
  ];
  // B may contain a baseline of the likelihood's own, which y multiplies too: differences in η do not see it.
  for (let index = 0; index < eta.shape[0]!; index++) {
    let expected = 0;
    let scale = 0;
    for (let i = span(eta, index)[0]; i < span(eta, index)[1]; i++) {
      const terms = [
        b.values[i]!,
        -otherB.values[i]!,
        -y.values[i]! * theta.values[i]!,
        y.values[i]! * otherTheta.values[i]!,
      ];
      for (const term of terms) {
        expected += term;
        scale += Math.abs(term);
      }
    }
    const seen = loss.values[index]! - otherLoss.values[index]!;
    if (!(Math.abs(seen - expected) <= ROUNDING * (scale + Math.abs(loss.values[index]!)))) {
      breaks(context, `negLogLik(y, η) − negLogLik(y, η′) of example ${index}`, expected, seen);
    }
  }
}
