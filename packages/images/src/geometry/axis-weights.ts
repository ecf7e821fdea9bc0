/** Of every new place on an axis: which old ones it is made of, from `first` on, and with which weights; they add up to 1. */
export type AxisWeights = readonly { readonly first: number; readonly parts: readonly number[] }[];

/** The mean of what the new place covers, the old places at its ends counted as far as they are covered. */
export function areaWeights(from: number, to: number): AxisWeights {
  const step = from / to;
  return Array.from({ length: to }, (_, place) => {
    const [start, end] = [place * step, (place + 1) * step];
    const first = Math.min(Math.floor(start), from - 1);
    // What rounding leaves of a place beyond the end is none of it.
    const last = Math.min(Math.max(Math.ceil(end - 1e-9) - 1, first), from - 1);
    const covered = Array.from({ length: last - first + 1 }, (_, index) => {
      const old = first + index;
      return Math.max(0, Math.min(old + 1, end) - Math.max(old, start));
    });
    const sum = covered.reduce((total, part) => total + part, 0);
    return { first, parts: covered.map((part) => part / sum) };
  });
}

/** Straight lines between the centres of the old places; beyond the outermost ones, their values. */
export function bilinearWeights(from: number, to: number): AxisWeights {
  return Array.from({ length: to }, (_, place) => {
    const at = Math.min(Math.max(((place + 0.5) * from) / to - 0.5, 0), from - 1);
    const first = Math.min(Math.floor(at), Math.max(0, from - 2));
    const part = at - first;
    return { first, parts: from === 1 ? [1] : [1 - part, part] };
  });
}
