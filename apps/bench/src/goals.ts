import type { Goal } from './benchmark.ts';

/** A ratio as people say it: 87×, 5.9×, 0.41×. */
export const times = (ratio: number): string => `${ratio.toFixed(ratio >= 20 ? 0 : ratio >= 2 ? 1 : 2)}×`;

/** Seconds, to three digits. */
export function duration(value: number): string {
  if (value < 1) return `${(value * 1000).toPrecision(3)} ms`;
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} s`;
}

/** `ours` takes at most so many seconds. `what` says where the number comes from. */
export const withinSeconds =
  (ours: string, atMost: number, what: string): Goal =>
  (find) => {
    const result = find(ours);
    if (result === undefined) return undefined;
    const { seconds } = result;
    return { what, goal: `under ${duration(atMost)}`, figure: duration(seconds), met: seconds < atMost };
  };

/**
 * `ours` is at least so many times faster than `peer`, on one thread or on more, whichever is the faster; with no number it is
 * reported, whatever it is.
 */
export const fasterThan =
  (ours: string, peer: string, atLeast?: number): Goal =>
  (find) => {
    const own = find(ours);
    const [other] = [find(peer) ?? [], find(`${peer}-1-thread`) ?? []]
      .flat()
      .sort((a, b) => a.seconds - b.seconds);
    if (own === undefined || other === undefined) return undefined;
    const ratio = other.seconds / own.seconds;
    return {
      what: `${ours} against ${other.name}`,
      goal: atLeast === undefined ? 'reported' : times(atLeast),
      figure: times(ratio),
      met: atLeast === undefined ? undefined : ratio >= atLeast,
    };
  };

/** `ours` does so many operations at so many GFLOP/s a thread; with no number it is reported, whatever it is. */
export const atRate =
  (ours: string, operations: number, atLeast?: number): Goal =>
  (find) => {
    const own = find(ours);
    if (own === undefined) return undefined;
    const rate = operations / own.seconds / own.threads / 1e9;
    return {
      what: `${ours}, GFLOP/s a thread`,
      goal: atLeast === undefined ? 'reported' : `at least ${atLeast}`,
      figure: rate.toFixed(1),
      met: atLeast === undefined ? undefined : rate >= atLeast,
    };
  };
