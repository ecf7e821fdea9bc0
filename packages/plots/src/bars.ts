import { type Projection, pixel } from './mark.ts';

/** A bar over `[from, to)`. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

/** The path of bars that stand on zero, of those between two values; bars that touch share a side, so none shines through. */
export function barPath(
  bars: readonly Bar[],
  { x, y }: Pick<Projection, 'x' | 'y'>,
  from = Number.NEGATIVE_INFINITY,
  to = Number.POSITIVE_INFINITY,
): string {
  const ground = pixel(y(0));
  return bars
    .filter((bar) => bar.height > 0 && bar.from >= from - 1e-9 && bar.from < to - 1e-9)
    .map((bar) => `M${pixel(x(bar.from))},${ground}V${pixel(y(bar.height))}H${pixel(x(bar.to))}V${ground}z`)
    .join('');
}
