/** A tile along one axis: where it is cut, and which part of it is kept, counted from where it begins. */
export interface AxisTile {
  readonly start: number;
  readonly coreStart: number;
  readonly coreLength: number;
}

/** The tiles along one axis, all of one length. */
export interface AxisTiles {
  readonly length: number;
  readonly tiles: readonly AxisTile[];
}

/**
 * Cuts an axis of n pixels. Cores follow each other without gap or overlap; around each lie at least `halo` pixels, as far as the
 * axis goes.
 *
 * Every tile begins at a multiple of `align`, and its length is n modulo `align`. So the places of a strided network that begins
 * where the tile begins are places of the network over the whole axis; and what it pads at the end, which depends on the length
 * modulo the stride, is the same where the tile ends with the axis. Tiles at an end are as long as all others, and reach farther
 * inside instead.
 */
export function axisTiles(n: number, core: number, halo: number, align: number): AxisTiles {
  const up = (pixels: number): number => Math.ceil(pixels / align) * align;
  const [step, margin] = [up(core), up(halo)];
  const rest = (n - step) % align;
  const length = step + 2 * margin + (rest < 0 ? rest + align : rest);
  if (length >= n) return { length: n, tiles: [{ start: 0, coreStart: 0, coreLength: n }] };
  const tiles = Array.from({ length: Math.ceil(n / step) }, (_, index) => {
    const first = index * step;
    const start = Math.min(Math.max(first - margin, 0), n - length);
    return { start, coreStart: first - start, coreLength: Math.min(step, n - first) };
  });
  return { length, tiles };
}
