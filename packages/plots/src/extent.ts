/** The least and the greatest of finite values, without spreading them on the stack. */
export function extentOf(values: ArrayLike<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** The least and the greatest over several extents. */
export function unionOf(extents: readonly (readonly [number, number])[]): [number, number] {
  return [Math.min(...extents.map(([low]) => low)), Math.max(...extents.map(([, high]) => high))];
}

/** A range that has a width, so that a constant has an axis too, with a margin on both sides as a part of that width. */
export function padded([low, high]: readonly [number, number], part = 0.04): [number, number] {
  if (low === high) {
    const half = Math.abs(low) / 2 || 1;
    return [low - half, high + half];
  }
  const margin = (high - low) * part;
  return [low - margin, high + margin];
}

/** A round number (1, 2 or 5 times a power of ten) at most as large as a positive one: the length of a scale bar. */
export function roundBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = value / power;
  return (digit >= 5 ? 5 : digit >= 2 ? 2 : 1) * power;
}

/** A number for people: three significant digits, no trailing zeros, powers of ten only where they are needed. */
export function brief(value: number): string {
  const size = Math.abs(value);
  const powers = size !== 0 && (size >= 1e6 || size < 1e-3);
  const digits = powers
    ? value
        .toExponential(1)
        .replace(/\.0(?=e)/, '')
        .replace('e+', 'e')
    : String(Number(value.toPrecision(size >= 100 ? 6 : 3)));
  // The minus sign that Plot writes: as wide as a digit.
  return digits.replaceAll('-', '−');
}
