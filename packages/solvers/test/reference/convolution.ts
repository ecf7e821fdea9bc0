/**
 * The full convolution as a matrix [time · channels, positions · atoms], row-major: column (i, c) is filter c at sample
 * stride · i, over all channels.
 *
 * @param filters [time, channels, atoms], the last axis fastest
 */
export function convolutionMatrix(
  filters: ArrayLike<number>,
  [time, channels, atoms]: readonly [number, number, number] | readonly number[],
  positions: number,
  stride: number,
): { readonly atoms: Float32Array; readonly features: number; readonly count: number } {
  const samples = (positions - 1) * stride + time!;
  const [features, count] = [samples * channels!, positions * atoms!];
  const matrix = new Float32Array(features * count);
  for (let i = 0; i < positions; i++) {
    for (let k = 0; k < time!; k++) {
      for (let h = 0; h < channels!; h++) {
        for (let c = 0; c < atoms!; c++) {
          const row = (i * stride + k) * channels! + h;
          matrix[row * count + i * atoms! + c] = filters[(k * channels! + h) * atoms! + c]!;
        }
      }
    }
  }
  return { atoms: matrix, features, count };
}
