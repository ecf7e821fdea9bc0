/** Filters `[length, channels, atoms]` for a correlation that is halved: 3^levels of them, of `leaf` samples each. */
export interface HalvedFilters {
  readonly levels: number;
  readonly leaf: number;
  readonly values: Float32Array;
}

/** What halving is decided by. */
export interface FilterSizes {
  readonly length: number;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: number;
}

/** Shorter filters are not worth halving. */
const SHORTEST = 8;

/**
 * Halves filters as often as it saves time (`assembly/sparse-code/correlate.ts`): the sum of even and odd taps, the even ones and the odd
 * ones, each of these again.
 */
export function halvedFilters(filters: ArrayLike<number>, sizes: FilterSizes): HalvedFilters {
  const levels = levelsOf(sizes);
  const leaf = Math.ceil(sizes.length / 2 ** levels);
  const width = sizes.channels * sizes.atoms;
  const whole = new Float64Array((leaf << levels) * width);
  whole.set(Array.from(filters));
  let parts = [whole];
  for (let level = 0; level < levels; level++) parts = parts.flatMap((part) => halves(part, width));
  const values = new Float32Array(parts.length * leaf * width);
  parts.forEach((part, index) => {
    values.set(part, index * leaf * width);
  });
  return { levels, leaf, values };
}

/** Every level saves a quarter of length · channels · atoms products, and costs some ten passes over channels and atoms. */
function levelsOf({ length, channels, atoms, stride }: FilterSizes): number {
  if (stride > 1) return 0;
  const wanted = channels * atoms >= 256 ? 3 : channels * atoms >= 32 ? 1 : 0;
  return Math.max(0, Math.min(wanted, Math.floor(Math.log2(length / SHORTEST))));
}

function halves(filters: Float64Array<ArrayBuffer>, width: number): Float64Array<ArrayBuffer>[] {
  const [sum, even, odd] = [0, 1, 2].map(() => new Float64Array(filters.length / 2));
  for (let at = 0; at < filters.length; at++) {
    const tap = Math.floor(at / width);
    const to = (tap >> 1) * width + (at % width);
    (tap % 2 ? odd! : even!)[to] = filters[at]!;
    sum![to]! += filters[at]!;
  }
  return [sum!, even!, odd!];
}
