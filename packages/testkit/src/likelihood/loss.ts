import { breaks, type Context, type Law } from '../law.ts';
import { differences } from '../shared/differences.ts';
import { dot, example, type HostTensor, moved, normalValues, ROUNDING } from '../shared/host.ts';
import { drawEta, drawSignal, type LikelihoodSubject, ofBoth, ofEta } from './subject.ts';

const H = 2 ** -6;

/** The loss is that of the family, and the residual is what descends it. */
export const lossLaws: readonly Law<LikelihoodSubject>[] = [
  {
    name: 'residual',
    statement: 'residual(y, η) = −∂ negLogLik / ∂η = y − mean(η), where exactResidual',
    applies: ({ likelihood }) => likelihood.exactResidual,
    check: checkResidual,
  },
  {
    name: 'loss',
    statement: 'negLogLik(y, η) = Σ B(η) − y η of every example, up to what does not depend on η',
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
  const mean = await ofEta(likelihood, 'mean', eta);
  for (const [index, value] of residual.values.entries()) {
    const expected = y.values[index]! - mean.values[index]!;
    const scale = Math.abs(y.values[index]!) + Math.abs(mean.values[index]!);
    if (!(Math.abs(value - expected) <= ROUNDING * scale)) {
      breaks(context, `residual at ${index}`, `y − mean(η) = ${expected}`, value);
    }
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
  // B may contain a baseline of the likelihood's own, which y multiplies too: differences in η do not see it.
  for (let index = 0; index < eta.shape[0]!; index++) {
    let expected = 0;
    let scale = 0;
    for (let i = span(eta, index)[0]; i < span(eta, index)[1]; i++) {
      const terms = [
        b.values[i]!,
        -otherB.values[i]!,
        -y.values[i]! * eta.values[i]!,
        y.values[i]! * other.values[i]!,
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
