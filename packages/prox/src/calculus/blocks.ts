import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Named,
  type NamesOf,
  type Prior,
  prefixNames,
  refuse,
  requireInteger,
  requireKnownOptions,
  requireShape,
  type Shrinkage,
  UnrolledError,
  withoutPrefix,
} from '@unrolled/contracts';
import { requireCode, requireGradient } from '../internal/codes.ts';
import { requirePrior } from '../internal/parts.ts';
import { shrinkageOf } from '../internal/shrinkage.ts';

/** A part of a code, for {@link blocks}. */
export interface Block {
  readonly prior: Prior;
  /** How many entries of the code's last axis it has. */
  readonly size: number;
}

/** The parameters of {@link blocks}: `'0.weight' | '1.weight'`. */
export type BlockNames<P extends readonly Block[]> = number extends P['length']
  ? `${number}.${NamesOf<P[number]['prior']>}`
  : { [I in keyof P & `${number}`]: `${I}.${NamesOf<P[I]['prior']>}` }[keyof P & `${number}`];

/**
 * Another prior for every part of the code's last axis, as the codes of several dictionaries lie side by side:
 *
 *     Φ(x) = Σ_p Φ_p(x_p),    prox(v, α) = (prox_{Φ_0}(v_0, α), prox_{Φ_1}(v_1, α), …)
 *
 * It has `shrinkage`, `violation`, `dualScale` and `conjugateValue` where all its parts have them.
 *
 * @param parts in the order of the last axis; their sizes add up to it
 * @throws `INVALID_ARGUMENT` for an empty list, a size that is not a whole number ≥ 1, or a prior that is bound to
 *   data (one with `bind`: its operator would be the whole one); `UNKNOWN_OPTION`; `INVALID_SHAPE` in use where the
 *   sizes do not add up
 * @example
 * ```ts
 * const prior = blocks([
 *   { prior: l1(0.5), size: 64 },
 *   { prior: groupLasso(1), size: 32 },
 * ]); // parameters: 0.weight, 1.weight
 * ```
 */
export function blocks<const P extends readonly Block[]>(parts: P): Prior<BlockNames<P>> {
  if (!Array.isArray(parts) || parts.length === 0) refuse('parts', parts, 'one or more { prior, size }');
  const blocksOf: readonly Block[] = parts.map((part, index) => requireBlock(`parts[${index}]`, part));
  const priors = blocksOf.map(({ prior }) => prior);
  const sizes = blocksOf.map(({ size }) => size);
  const total = sizes.reduce((sum, size) => sum + size, 0);

  const split = (name: string, code: Tensor): Tensor[] => {
    requireShape(name, requireCode(name, code).shape.slice(-1), [total], 'codes with a last axis');
    return tf.split(code, sizes, -1);
  };
  const join = (results: Tensor[]): Tensor => tf.concat(results, -1);
  const sum = (results: Tensor[]): Tensor => results.reduce((a, b) => tf.add(a, b));
  const all = (member: keyof Prior): boolean => priors.every((prior) => prior[member] !== undefined);

  const parameters = Object.assign(
    {},
    ...priors.map((prior, index) => prefixNames(String(index), prior.parameters)),
  ) as Named<BlockNames<P>>;
  return Object.freeze({
    name: 'blocks',
    convex: priors.every(({ convex }) => convex),
    parameters: Object.freeze(parameters),
    value: (x: Tensor) => tf.tidy(() => sum(split('x', x).map((part, index) => priors[index]!.value(part)))),
    prox: (v: Tensor, step: number | Tensor) =>
      tf.tidy(() => join(split('v', v).map((part, index) => priors[index]!.prox(part, step)))),
    ...(all('shrinkage') && {
      shrinkage: (step: number | Tensor) =>
        shrinkageOf(() => {
          const parts = priors.map((prior) => prior.shrinkage!(step));
          const row = (name: keyof Shrinkage): Tensor =>
            join(parts.map((part, index) => tf.add(part[name], tf.zeros([sizes[index]!]))));
          return { below: row('below'), above: row('above'), slope: row('slope') };
        }),
    }),
    ...(all('violation') && {
      violation: (x: Tensor, gradient: Tensor) =>
        tf.tidy(() => {
          requireGradient(x, gradient);
          const gradients = split('gradient', gradient);
          return join(split('x', x).map((part, index) => priors[index]!.violation!(part, gradients[index]!)));
        }),
    }),
    ...(all('dualScale') && {
      dualScale: (c: Tensor) =>
        tf.tidy(() =>
          split('c', c)
            .map((part, index) => priors[index]!.dualScale!(part))
            .reduce((a, b) => tf.minimum(a, b)),
        ),
    }),
    ...(all('conjugateValue') && {
      conjugateValue: (c: Tensor) =>
        tf.tidy(() => sum(split('c', c).map((part, index) => priors[index]!.conjugateValue!(part)))),
    }),
    with: (others: Named<BlockNames<P>>) =>
      blocks(
        blocksOf.map(({ prior, size }, index) => ({
          prior: prior.with(withoutPrefix(String(index), others)),
          size,
        })),
      ) as Prior<BlockNames<P>>,
  });
}

function requireBlock(name: string, part: Block): Block {
  if (part === null || typeof part !== 'object') refuse(name, part, '{ prior, size }');
  requireKnownOptions(name, part, ['prior', 'size']);
  requirePrior(`${name}.prior`, part.prior);
  requireInteger(`${name}.size`, part.size);
  if (part.prior.bind) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `${name}.prior: expected a prior that does not depend on the data, got "${part.prior.name}"`,
    );
  }
  return { prior: part.prior, size: part.size };
}
