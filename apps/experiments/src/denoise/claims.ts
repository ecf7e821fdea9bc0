import { type SetScore, type Spread, scoreSet, spread } from '../pictures/scores.ts';
import type { Results, ShownPeer } from './experiment.ts';
import type { JobResult } from './job.ts';
import { type Variant, variants } from './variants.ts';

/** A network over its seeds. */
export interface Compared {
  readonly variant: Variant;
  readonly runs: readonly JobResult[];
  /** PSNR, the mean over the pictures: over seeds. */
  readonly psnr: Spread;
}

/** The networks that were run, as they are listed. */
export function compared(results: Results): Compared[] {
  return variants.flatMap((variant) => {
    const runs = (results.networks ?? []).filter((run) => run.variant.name === variant.name);
    if (runs.length === 0) return [];
    return [{ variant, runs, psnr: spread(runs.map(({ scores }) => scoreSet(scores).psnr.mean)) }];
  });
}

/** A peer on the set. */
export const scoreOf = ({ scores }: ShownPeer): SetScore => scoreSet(scores);

/** The network of these weights, this rule and this start. */
export const find = (
  list: readonly Compared[],
  weights: Variant['weights'],
  rule: Variant['rule'],
  start?: Variant['start'],
): Compared | undefined =>
  list.find(({ variant }) => variant.weights === weights && variant.rule === rule && variant.start === start);

/** By how much one network is better than another: dB, over seeds that both have. */
export function lead(first: Compared | undefined, second: Compared | undefined): Spread | undefined {
  if (!first || !second) return undefined;
  const gaps = first.runs.flatMap((run) => {
    const other = second.runs.find(({ seed }) => seed === run.seed);
    return other ? [scoreSet(run.scores).psnr.mean - scoreSet(other.scores).psnr.mean] : [];
  });
  return gaps.length > 0 ? spread(gaps) : undefined;
}
