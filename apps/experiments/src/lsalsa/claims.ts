import type { JobResult } from './job.ts';
import type { Method } from './methods.ts';
import type { PartResult } from './part.ts';

/** The result of a method at one T. */
export const at = (part: PartResult, method: Method, layers: number): JobResult | undefined =>
  part.runs.find((run) => run.method === method && run.layers === layers);

/** All results of a method, by T. */
export const of = (part: PartResult, method: Method): JobResult[] =>
  part.runs.filter((run) => run.method === method).sort((a, b) => a.layers - b.layers);

/** The first T, of those that were run, at which a method is as good as this error; undefined where none is. */
export const reaches = (part: PartResult, method: Method, rmse: number): number | undefined =>
  of(part, method).find((run) => run.rmse <= rmse)?.layers;

/** The first T that was run at which `method` is at least as good as LSALSA at the same T. */
export function overtakes(part: PartResult, method: Method): number | undefined {
  return of(part, 'lsalsa').find(({ layers, rmse }) => (at(part, method, layers)?.rmse ?? Infinity) <= rmse)
    ?.layers;
}

/** Microseconds of a signal. */
export const timeOf = (part: PartResult, method: Method, layers: number): number =>
  part.timings.find((timing) => timing.method === method && timing.layers === layers)!.microseconds;

/** How many times longer SALSA takes to be as good as LSALSA, for every T of LSALSA where it gets there. */
export function timeRatios(
  part: PartResult,
): { readonly layers: number; readonly ratio: number; readonly by: number }[] {
  return of(part, 'lsalsa').flatMap(({ layers, rmse }) => {
    const by = reaches(part, 'salsa', rmse);
    if (by === undefined) return [];
    return [{ layers, by, ratio: timeOf(part, 'salsa', by) / timeOf(part, 'lsalsa', layers) }];
  });
}
