/** The value in the middle: the level of what most of a picture is, whatever lies on it. */
export function medianOf(values: Float32Array): number {
  return values.slice().sort()[Math.floor(values.length / 2)]!;
}
