import type { Case, VariantResult } from '../benchmark.ts';
import { duration, times } from '../goals.ts';
import { remarks } from './remarks.ts';
import type { KeptResult } from './store.ts';

export const page = (
  _cases: readonly Case[],
  _kept: readonly KeptResult[],
  _with: { folder: string; pictures: readonly string[] },
): string => '';
void duration;
void times;
void remarks;
export type X = VariantResult;
