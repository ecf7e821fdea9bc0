import { backpropagatedWeight, fixedWeight, rateInClosedForm, type Sparsity } from '@unrolled/crsae';

/** How the weights of the codes are decided. */
export type Rule = 'em' | 'backpropagation' | 'fixed';

/** A network that is compared, as plain data. */
export interface Variant {
  readonly name: string;
  readonly weights: 'tied' | 'untied';
  readonly rule: Rule;
  /** Filters begin as normal noise and their norms are free, as in the paper; default: they begin near cosines and keep unit norm. */
  readonly start?: 'noise';
  /** What the paper's repository stores for it: mean PSNR over nine other pictures at the same noise, dB. */
  readonly stored: number | undefined;
}

export const variants: readonly Variant[] = [
  { name: 'untied, λ by EM', weights: 'untied', rule: 'em', stored: 30.2 },
  { name: 'untied, bias by backpropagation', weights: 'untied', rule: 'backpropagation', stored: 29.92 },
  { name: 'tied, λ by EM', weights: 'tied', rule: 'em', stored: 29.31 },
  { name: 'tied, bias by backpropagation', weights: 'tied', rule: 'backpropagation', stored: 29.02 },
  { name: 'tied, λ fixed', weights: 'tied', rule: 'fixed', stored: 28.83 },
  { name: 'untied, λ by EM, from noise', weights: 'untied', rule: 'em', start: 'noise', stored: undefined },
  { name: 'tied, λ by EM, from noise', weights: 'tied', rule: 'em', start: 'noise', stored: undefined },
];

/** The rule, for `trainCrsae`. */
export const sparsityOf: { readonly [R in Rule]: () => Sparsity } = {
  em: () => rateInClosedForm(),
  backpropagation: () => backpropagatedWeight,
  fixed: () => fixedWeight,
};
