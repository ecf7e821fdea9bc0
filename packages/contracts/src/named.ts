import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * A flat record of tensors: parameters, or the state of an iteration.
 *
 * Types carry the *names* only, every value is a `Tensor`: that is all that inference needs to refuse a
 * misspelt parameter, and it stays readable in an error message.
 */
export type Named<N extends string = string> = { readonly [K in N]: Tensor };

/**
 * Something that holds tensors which may be trained: it shows them by name and can be rebuilt around others.
 *
 * Nothing else is needed for a trainable number to join training, sharing, saving and loading.
 */
export interface Parametric<N extends string = string> {
  /** Its own tensors, lent: whoever made them disposes of them. */
  readonly parameters: Named<N>;
  /** The same thing around other tensors. Allocates no tensor and copies nothing. */
  with(parameters: Named<N>): Parametric<N>;
}

/** The parameter names of an operator, prior or likelihood. */
export type NamesOf<X extends Parametric> = keyof X['parameters'] & string;

/** The parameters of a part under the name that it has in the whole: `{ weight }` → `{ 'prior.weight' }`. */
export function prefixNames(prefix: string, parameters: Named): Named {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [`${prefix}.${name}`, tensor]),
  );
}

/** What `prefixNames` did, undone: the parameters of one part out of a whole record. */
export function withoutPrefix(prefix: string, parameters: Named): Named {
  const start = `${prefix}.`;
  const names = Object.keys(parameters).filter((name) => name.startsWith(start));
  // Looks at these parameters alone: whoever watches (`refresh` of a network) learns what they are used for.
  return Object.fromEntries(names.map((name) => [name.slice(start.length), parameters[name]!]));
}
