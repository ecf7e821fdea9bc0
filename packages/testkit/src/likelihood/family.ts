import { breaks, type Context, type Law } from '../law.ts';
import { differences } from '../shared/differences.ts';
import { moved, ROUNDING, sameShape } from '../shared/host.ts';
import { drawEta, drawSignal, type LikelihoodSubject, ofBoth, ofEta } from './subject.ts';

const H = 2 ** -6;

/** Everything about an exponential family follows from its log-partition B. */
export const familyLaws: readonly Law<LikelihoodSubject>[] = [
  {
    name: 'shapes',
    statement:
      'mean, variance, logPartition, residual: the shape of the signal; negLogLik, deviance: [batch]',
    check: checkShapes,
  },
  {
    name: 'mean',
    statement: 'mean(η)·θ′(η) = B′(η), θ the natural parameter: η where there is no other',
    check: async (subject, context) => checkDerivative(subject, 'logPartition', 'mean', context),
  },
  {
    name: 'variance',
    statement: 'variance(η)·θ′(η) = mean′(η), which is B″(η) where η is the natural parameter',
    check: async (subject, context) => checkDerivative(subject, 'mean', 'variance', context),
  },
  {
    name: 'curvature',
    statement:
      'variance(η) ≤ curvature, and twice it reaches it where it is finite (η the natural parameter)',
    applies: ({ likelihood }) => likelihood.natural === undefined,
    check: checkCurvature,
  },
];

async function checkShapes(subject: LikelihoodSubject, context: Context): Promise<void> {
  const { likelihood, signalShape } = subject;
  const eta = drawEta(subject, context.random);
  const y = await drawSignal(subject, eta, context.random);
  const batch = signalShape.slice(0, 1);
  const results = [
    ['sample', y, signalShape],
    ['mean', await ofEta(likelihood, 'mean', eta), signalShape],
    ['variance', await ofEta(likelihood, 'variance', eta), signalShape],
    ['logPartition', await ofEta(likelihood, 'logPartition', eta), signalShape],
    ['residual', await ofBoth(likelihood, 'residual', y, eta), signalShape],
    ['negLogLik', await ofBoth(likelihood, 'negLogLik', y, eta), batch],
    ['deviance', await ofBoth(likelihood, 'deviance', y, eta), batch],
  ] as const;
  for (const [name, { shape }, expected] of results) {
    if (!sameShape(shape, expected)) breaks(context, `shape of ${name}`, [...expected], [...shape]);
  }
}

/** `of` is taken entry by entry, so one direction of ones gives every derivative at once: of = is·θ′. */
async function checkDerivative(
  subject: LikelihoodSubject,
  of: 'logPartition' | 'mean',
  is: 'mean' | 'variance',
  context: Context,
): Promise<void> {
  const { likelihood } = subject;
  const eta = drawEta(subject, context.random);
  const ones = eta.values.map(() => 1);
  const along = (name: 'logPartition' | 'mean' | 'natural') =>
    differences((t) => ofEta(likelihood, name, moved(eta, ones, t)), H);
  const { derivative, smooth, noise } = await along(of);
  const natural = await along('natural');
  const seen = await ofEta(likelihood, is, eta);
  // A kink (a clipped link) has no derivative; half of the entries have to be examined.
  const examined = smooth.map((believed, index) => believed && natural.smooth[index]!);
  for (const [index, value] of seen.values.entries()) {
    if (!examined[index]) continue;
    const product = value * natural.derivative[index]!;
    const allowed = 5e-3 * Math.abs(derivative[index]!) + 4 * (noise + natural.noise * Math.abs(value));
    if (!(Math.abs(product - derivative[index]!) <= allowed)) {
      breaks(context, `${is}·θ′ at η = ${eta.values[index]}`, `${of}′ = ${derivative[index]}`, product);
    }
  }
  if (examined.filter(Boolean).length * 2 < smooth.length) breaks(context, of, 'a smooth function', 'kinks');
}

async function checkCurvature(subject: LikelihoodSubject, context: Context): Promise<void> {
  const { likelihood, signalShape } = subject;
  const { curvature } = likelihood;
  if (!(curvature > 0)) breaks(context, 'curvature', 'a number > 0, or ∞', curvature);
  let largest = 0;
  const draw = drawEta(subject, context.random);
  for (let grid = -8; grid <= 8; grid += 0.25) {
    const values = draw.values.map((value, i) => (i % 2 === 0 ? grid : value));
    const variance = await ofEta(likelihood, 'variance', { shape: signalShape, values });
    for (const value of variance.values) if (Number.isFinite(value)) largest = Math.max(largest, value);
    for (const [index, value] of variance.values.entries()) {
      if (value > curvature * (1 + ROUNDING)) {
        breaks(context, `variance(${values[index]})`, `at most the curvature ${curvature}`, value);
      }
      if (value < 0) breaks(context, `variance(${values[index]})`, 'a number ≥ 0', value);
    }
  }
  if (Number.isFinite(curvature) && largest * 2 < curvature) {
    breaks(context, 'curvature', `at most twice the largest variance seen, ${largest}`, curvature);
  }
}
