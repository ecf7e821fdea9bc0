import * as tf from '@tensorflow/tfjs-core';
import { isUnrolledError } from '@unrolled/contracts';
import { breaks, type Context, type Law } from '../law.ts';
import { dot, example, norm, ROUNDING, read } from '../shared/host.ts';
import { withInputs } from '../shared/operation.ts';
import { drawEta, drawSignal, type LikelihoodSubject, ofBoth, ofEta } from './subject.ts';

/** How well a natural parameter explains data, and data drawn from it. */
export const dataLaws: readonly Law<LikelihoodSubject>[] = [
  {
    name: 'deviance',
    statement: 'deviance ≥ 0, = 0 at y = mean(η); differences in η are 2·those of negLogLik',
    check: checkDeviance,
  },
  {
    name: 'sampler',
    statement:
      'samples have mean B′(η) and variance B″(η) within 5 standard errors; equal generators, equal samples',
    check: checkSampler,
  },
  {
    name: 'data',
    statement:
      'requireData takes every sample, and refuses NaN and ∞ with an UnrolledError that names the argument',
    applies: ({ likelihood }) => likelihood.requireData !== undefined,
    check: checkData,
  },
  {
    name: 'dual value',
    statement: 'dualValue(y, θ) ≤ negLogLik(y, η) + ⟨θ, η⟩, with equality at θ = residual(y, η)',
    applies: ({ likelihood }) => likelihood.dualValue !== undefined,
    check: checkDualValue,
  },
];

async function checkDeviance(subject: LikelihoodSubject, context: Context): Promise<void> {
  const { likelihood } = subject;
  const [eta, other] = [drawEta(subject, context.random), drawEta(subject, context.random)];
  const y = await drawSignal(subject, eta, context.random);
  const [deviance, otherDeviance] = [
    await ofBoth(likelihood, 'deviance', y, eta),
    await ofBoth(likelihood, 'deviance', y, other),
  ];
  const [loss, otherLoss] = [
    await ofBoth(likelihood, 'negLogLik', y, eta),
    await ofBoth(likelihood, 'negLogLik', y, other),
  ];
  const mean = await ofEta(likelihood, 'mean', eta);
  const perfect = await ofBoth(likelihood, 'deviance', mean, eta);
  for (const [index, value] of deviance.values.entries()) {
    const size = norm(example(y, index).values) ** 2 + Math.abs(loss.values[index]!) + 1;
    const allowed = 4 * ROUNDING * (size + Math.abs(otherLoss.values[index]!));
    if (!(value >= 0)) breaks(context, `deviance of example ${index}`, 'a number ≥ 0', value);
    if (!(Math.abs(perfect.values[index]!) <= allowed)) {
      breaks(context, `deviance(mean(η), η) of example ${index}`, 0, perfect.values[index]);
    }
    const seen = value - otherDeviance.values[index]!;
    const expected = 2 * (loss.values[index]! - otherLoss.values[index]!);
    if (!(Math.abs(seen - expected) <= allowed)) {
      breaks(context, `deviance(y, η) − deviance(y, η′) of example ${index}`, expected, seen);
    }
  }
}

async function checkSampler(subject: LikelihoodSubject, context: Context): Promise<void> {
  const { likelihood, draws = 4000 } = subject;
  const one = example(drawEta(subject, context.random), 0);
  const size = one.values.length;
  const eta = {
    shape: [draws, ...one.shape.slice(1)],
    values: Float32Array.from({ length: draws * size }, (_, i) => one.values[i % size]!),
  };
  const state = context.random.split('draws');
  const samples = (await drawSignal(subject, eta, state)).values;
  const again = await drawSignal(subject, eta, context.random.split('draws'));
  const differing = samples.findIndex((value, i) => !Object.is(value, again.values[i]));
  if (differing >= 0) {
    breaks(context, `sample ${differing} of an equal generator`, samples[differing], again.values[differing]);
  }
  const [mean, variance] = [await ofEta(likelihood, 'mean', one), await ofEta(likelihood, 'variance', one)];
  for (let entry = 0; entry < size; entry++) {
    const [m, v] = [mean.values[entry]!, variance.values[entry]!];
    let [first, second, fourth] = [0, 0, 0];
    for (let draw = 0; draw < draws; draw++) {
      const off = samples[draw * size + entry]! - m;
      first += off / draws;
      second += off ** 2 / draws;
      fourth += off ** 4 / draws;
    }
    const meanError = Math.sqrt(v / draws);
    if (!(Math.abs(first) <= 5 * meanError + ROUNDING * Math.abs(m))) {
      breaks(context, `mean of samples at η = ${one.values[entry]}`, `${m} ± ${5 * meanError}`, m + first);
    }
    // The standard error of a second moment, its fourth moment taken from the samples.
    const varianceError = Math.sqrt(Math.max(fourth - second ** 2, 2 * v ** 2) / draws);
    if (!(Math.abs(second - v) <= 5 * varianceError)) {
      breaks(
        context,
        `variance of samples at η = ${one.values[entry]}`,
        `${v} ± ${5 * varianceError}`,
        second,
      );
    }
  }
}

async function checkData(subject: LikelihoodSubject, context: Context): Promise<void> {
  const { likelihood } = subject;
  const refused = (values: ArrayLike<number>): unknown => {
    try {
      likelihood.requireData?.('y', values);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const { values } = await drawSignal(subject, drawEta(subject, context.random), context.random);
  const error = refused(values);
  if (error) breaks(context, 'requireData of a sample', 'nothing', `${error}`);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const answer = refused([values[0]!, bad]);
    if (!isUnrolledError(answer) || !answer.message.startsWith('y: ')) {
      breaks(context, `requireData('y', …) of ${bad}`, 'an UnrolledError "y: …"', `${answer}`);
    }
  }
}

async function checkDualValue(subject: LikelihoodSubject, context: Context): Promise<void> {
  const { likelihood } = subject;
  const [eta, other] = [drawEta(subject, context.random), drawEta(subject, context.random)];
  const y = await drawSignal(subject, eta, context.random);
  const theta = await ofBoth(likelihood, 'residual', y, eta);
  const dual = await withInputs({ y, theta }, (tensors) =>
    read(() => likelihood.dualValue?.(tensors['y']!, tensors['theta']!) ?? tf.zeros([y.shape[0]!])),
  );
  for (const [at, point] of [eta, other].entries()) {
    const loss = await ofBoth(likelihood, 'negLogLik', y, point);
    for (const [index, value] of dual.values.entries()) {
      const [t, e] = [example(theta, index).values, example(point, index).values];
      const bound = loss.values[index]! + dot(t, e);
      const allowed = 4 * ROUNDING * (1 + Math.abs(loss.values[index]!) + norm(t) * norm(e) + norm(t) ** 2);
      if (!(value <= bound + allowed)) {
        breaks(
          context,
          `dualValue(y, θ) of example ${index}`,
          `at most negLogLik + ⟨θ, η⟩ = ${bound}`,
          value,
        );
      }
      if (at === 0 && !(Math.abs(value - bound) <= allowed)) {
        breaks(context, `dualValue(y, residual(y, η)) of example ${index}`, bound, value);
      }
    }
  }
}
