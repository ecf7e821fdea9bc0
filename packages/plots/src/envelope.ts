import { type Projection, pixel } from './mark.ts';

/** Evenly spaced samples of one line: `values[first + i · stride]` at `start + i · interval`. */
export interface Samples {
  readonly values: ArrayLike<number>;
  readonly first?: number;
  readonly stride?: number;
  readonly count: number;
  readonly start: number;
  readonly interval: number;
}

/**
 * The path of a line of any length. Where more than three samples share a column of pixels, only the column's first, least,
 * greatest and last are drawn: the same picture, spikes included, in a size that the width bounds.
 */
export function linePath(samples: Samples, { x, y }: Pick<Projection, 'x' | 'y'>): string {
  const { values, first = 0, stride = 1, count, start, interval } = samples;
  const at = (index: number): number => values[first + index * stride]!;
  const point = (index: number): string => `${pixel(x(start + index * interval))},${pixel(y(at(index)))}`;
  const perColumn = (count - 1) / Math.max(1, Math.abs(x(start + (count - 1) * interval) - x(start)));
  if (perColumn <= 3) return `M${Array.from({ length: count }, (_, index) => point(index)).join('L')}`;

  const points: string[] = [];
  const columns = Math.ceil(count / perColumn);
  for (let column = 0; column < columns; column++) {
    const from = Math.floor(column * perColumn);
    const to = Math.min(count, Math.floor((column + 1) * perColumn));
    if (to <= from) continue;
    let least = from;
    let greatest = from;
    for (let index = from; index < to; index++) {
      if (at(index) < at(least)) least = index;
      if (at(index) > at(greatest)) greatest = index;
    }
    const kept = [...new Set([from, Math.min(least, greatest), Math.max(least, greatest), to - 1])];
    points.push(...kept.map(point));
  }
  return `M${points.join('L')}`;
}
