import type { Problem } from '@unrolled/contracts';

/** The names of a prior's weights, `prior.weight` or `prior.0.weight` …: what thresholds are learned through. */
export const weightNames = ({ prior }: Problem): readonly string[] =>
  Object.keys(prior.parameters)
    .filter((name) => name.split('.').at(-1) === 'weight')
    .map((name) => `prior.${name}`);

/** The same value under every name. */
export const everyOne = <V>(names: readonly string[], value: V): { readonly [name: string]: V } =>
  Object.fromEntries(names.map((name) => [name, value]));
