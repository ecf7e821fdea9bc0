import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Named, requireFloat, requireShape, type Shrinkage, UnrolledError } from '@unrolled/contracts';
import * as compiled from '@unrolled/wasm-kernels';
import { defineKernel } from '../engine/define-kernel.ts';

/** What `defineKernel` gives: said where an op is its own gradient. */
type Op<N extends string> = (inputs: Named<N>) => Tensor;

const step = defineKernel<'z' | 'gradient' | 'step' | 'below' | 'above' | 'slope'>({
  name: 'UnrolledShrinkageStep',
  forward: (inputs) => plainStep(inputs),
  on: {
    wasm: ({ z, gradient, step, ...shrinkage }) =>
      compiled.shrinkageStep(z, gradient, step, shrinkage) ?? plainStep({ z, gradient, step, ...shrinkage }),
  },
  savesOutput: true,
  gradients: {
    z: ({ dy, inputs, output }) => derivative({ dy, output, ...thresholds(inputs), factor: inputs.slope }),
    gradient: ({ dy, inputs, output }) =>
      derivative({ dy, output, ...thresholds(inputs), factor: tf.mul(inputs.step, inputs.slope) }),
    step: ({ dy, inputs, output }) => {
      const dv = derivative({ dy, output, ...thresholds(inputs), factor: inputs.slope });
      return tf.reshape(tf.sum(tf.mul(dv, inputs.gradient)), inputs.step.shape);
    },
    below: ({ dy, inputs: { below, slope }, output }) =>
      fitRow(tf.mul(slope, sumSide({ dy, output }, { side: -1 })), below),
    above: ({ dy, inputs: { above, slope }, output }) =>
      fitRow(tf.neg(tf.mul(slope, sumSide({ dy, output }, { side: 1 }))), above),
    slope: ({ dy, inputs: { slope }, output }) =>
      fitRow(tf.div(sumToAtoms(tf.mul(dy, output)), slope), slope),
  },
});

const thresholds = ({ below, above }: Pick<Shrinkage, 'below' | 'above'>) => ({ below, above });

/** dy · factor where the output is not 0; where it is, 0, unless there is no zone of zeros at all. */
const derivative: Op<'dy' | 'output' | 'below' | 'above' | 'factor'> = defineKernel({
  name: 'UnrolledShrinkageDerivative',
  forward: (inputs) => plainDerivative(inputs),
  on: {
    wasm: ({ dy, output, below, above, factor }) =>
      compiled.shrinkageDerivative(dy, output, { below, above, slope: factor }) ??
      plainDerivative({ dy, output, below, above, factor }),
  },
  gradients: {
    dy: ({ dy, inputs: { output, below, above, factor } }) =>
      derivative({ dy, output, below, above, factor }),
    // Which entries are 0 is piecewise constant, and so is whether there is a zone.
    output: ({ inputs }) => tf.zerosLike(inputs.output),
    below: ({ inputs }) => tf.zerosLike(inputs.below),
    above: ({ inputs }) => tf.zerosLike(inputs.above),
    factor: ({ dy, inputs }) =>
      fitRow(sumToAtoms(tf.mul(tf.mul(dy, inputs.dy), isLinear(inputs))), inputs.factor),
  },
});

/** The sums of dy, an atom each, over the entries of `output` above 0 (side 1) or below it (side −1). */
const sumSide = defineKernel<'dy' | 'output', { side: 1 | -1 }>({
  name: 'UnrolledShrinkageSum',
  forward: (inputs, { side }) => plainSum(inputs, side),
  on: {
    wasm: ({ dy, output }, { side }) => compiled.sumSide(dy, output, side) ?? plainSum({ dy, output }, side),
  },
  gradients: {
    dy: ({ dy, inputs: { output }, attributes: { side } }) => tf.mul(dy, tf.step(tf.mul(side, output))),
    output: ({ inputs }) => tf.zerosLike(inputs.output),
  },
});

function plainStep({
  z,
  gradient,
  step: length,
  below,
  above,
  slope,
}: Shrinkage & Named<'z' | 'gradient' | 'step'>): Tensor {
  const v = tf.add(z, tf.mul(length, gradient));
  // Decided for an atom, not for an entry: what is as large as a code is passed over as seldom as can be.
  const hasZone = tf.greaterEqual(tf.add(below, above), 0);
  const none = tf.zerosLike(tf.add(below, above));
  const where = (zone: Tensor, otherwise: Tensor): Tensor => tf.where(hasZone, zone, otherwise);
  const clipped = tf.minimum(tf.maximum(v, tf.neg(where(below, none))), where(above, none));
  // Where there is no zone of zeros, nothing is clipped, and each sign has a threshold of its own; ∞ has a zone.
  const ofSign = tf.sub(
    tf.mul(tf.step(v), where(none, above)),
    tf.mul(tf.step(tf.neg(v)), where(none, below)),
  );
  return tf.mul(slope, tf.sub(tf.sub(v, clipped), ofSign));
}

const plainDerivative = ({
  dy,
  factor,
  ...at
}: Named<'dy' | 'output' | 'below' | 'above' | 'factor'>): Tensor => tf.mul(dy, tf.mul(factor, isLinear(at)));

/** 1 where the result follows v, 0 where it stays 0. */
function isLinear({ output, below, above }: Named<'output' | 'below' | 'above'>): Tensor {
  const nonZero = tf.step(tf.abs(output));
  return tf.sub(1, tf.mul(tf.step(tf.add(below, above)), tf.sub(1, nonZero)));
}

const plainSum = ({ dy, output }: Named<'dy' | 'output'>, side: 1 | -1): Tensor =>
  sumToAtoms(tf.mul(dy, tf.step(tf.mul(side, output))));

/** The sum over all axes but the last. */
const sumToAtoms = (x: Tensor): Tensor => tf.sum(tf.reshape(x, [-1, x.shape.at(-1)!]), 0);

/** Sums an atom each, as the gradient of a row: of the row's shape, added up where one number is for all atoms. */
const fitRow = (sums: Tensor, row: Tensor): Tensor =>
  tf.reshape(row.size === 1 ? tf.sum(sums) : sums, row.shape);

/**
 * The step of a proximal gradient method whose prox is a shrinkage, in one pass over the memory:
 *
 *     slope · (v − min(max(v, −below), above)),   v = z + step · gradient
 *
 * Thresholds are ≥ 0, as {@link Shrinkage} says. Training can make one negative: where below + above < 0, so that no zone of zeros is
 * left, v > 0 gives slope · (v − above) and v < 0 slope · (v + below). The derivative is 0 where the result is, ties included, but where
 * below = above = 0, which is linear. NaN stays NaN. Its gradients are lazy and differentiable.
 *
 * @param z `[…, atoms]`
 * @param gradient the negative gradient of the data term at z, of the shape of z
 * @param length the step: a scalar
 * @param shrinkage what `prior.shrinkage(step)` gives: scalars, or `[atoms]`
 * @returns of the shape of z, a fresh tensor
 * @throws UnrolledError INVALID_SHAPE, INVALID_DTYPE
 *
 * @example
 * const x = shrinkageStep(z, operator.adjoint(residual), step, l1(0.5).shrinkage(step));
 */
export function shrinkageStep(z: Tensor, gradient: Tensor, length: Tensor, shrinkage: Shrinkage): Tensor {
  requireFloat('z', z);
  requireFloat('gradient', gradient);
  requireShape('gradient', gradient.shape, z.shape, 'a tensor of the shape of z');
  requireRow('step', length, 1);
  const atoms = z.shape.at(-1) ?? 1;
  const { below, above, slope } = shrinkage;
  for (const [name, row] of Object.entries({ below, above, slope }))
    requireRow(`shrinkage.${name}`, row, atoms);
  return step({ z, gradient, step: length, below, above, slope });
}

/**
 * Does the backend in use have a kernel for {@link shrinkageStep}? Where it has none, the ops of a prior's own `prox` are fewer than those
 * that every shrinkage needs.
 */
export const hasShrinkageKernel = (): boolean =>
  tf.getBackend() === 'wasm' && compiled.kernelVariant() !== undefined;

/** Refuses what is neither one number nor one an atom. */
function requireRow(name: string, row: Tensor, atoms: number): void {
  requireFloat(name, row);
  if (row.size === 1 || (row.rank === 1 && row.size === atoms)) return;
  throw new UnrolledError(
    'INVALID_SHAPE',
    `${name}: expected a scalar${atoms === 1 ? '' : ` or [${atoms}], a number an atom`}, got [${row.shape}]`,
  );
}
