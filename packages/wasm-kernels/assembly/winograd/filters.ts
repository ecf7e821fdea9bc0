import { blocksOf, FREQUENCIES, POINTS, ROOT, TAPS } from './sizes';

/** G g Gᵀ of every block of every filter: turned[panel, frequency, block and channel, 8]. */
export function turnFilters(
  packed: usize,
  panels: i32,
  filterHeight: i32,
  filterWidth: i32,
  channels: i32,
  half: usize,
  turned: usize,
): void {
  const down = blocksOf(filterHeight);
  const right = blocksOf(filterWidth);
  const terms = down * right * channels;
  const zero = f32x4.splat(0);
  for (let panel = 0; panel < panels; panel++) {
    for (let term = 0; term < terms; term++) {
      const channel = term % channels;
      const left = ((term / channels) % right) * TAPS;
      const top = (term / (channels * right)) * TAPS;
      for (let side: usize = 0; side < 32; side += 16) {
        for (let column = 0; column < TAPS; column++) {
          const l = left + column;
          const at = packed + side + (<usize>((top * filterWidth + l) * channels + channel) << 5);
          const line = <usize>(filterWidth * channels) << 5;
          const inside = l < filterWidth;
          const a = inside ? v128.load(at) : zero;
          const b = inside && top + 1 < filterHeight ? v128.load(at + line) : zero;
          const c = inside && top + 2 < filterHeight ? v128.load(at + 2 * line) : zero;
          turnTaps(a, b, c, half + (<usize>column << 4), 48);
        }
        for (let row = 0; row < POINTS; row++) {
          const from = half + <usize>row * 48;
          turnTaps(
            v128.load(from),
            v128.load(from, 16),
            v128.load(from, 32),
            turned + side + (<usize>(row * POINTS * terms + term) << 5),
            <usize>terms << 5,
          );
        }
      }
    }
    packed += <usize>(filterHeight * filterWidth * channels) << 5;
    turned += <usize>(FREQUENCIES * terms) << 5;
  }
}

/** G g: three taps to six. */
// @ts-ignore: decorator
@inline
function turnTaps(a: v128, b: v128, c: v128, to: usize, step: usize): void {
  const near = f32x4.mul(f32x4.add(a, f32x4.mul(c, f32x4.splat(0.5))), f32x4.splat(-2.0 / 3.0));
  const nearOdd = f32x4.mul(b, f32x4.splat((-2.0 / 3.0) * ROOT));
  const far = f32x4.mul(f32x4.add(a, f32x4.mul(c, f32x4.splat(2))), f32x4.splat(1.0 / 6.0));
  const farOdd = f32x4.mul(b, f32x4.splat((1.0 / 3.0) * ROOT));
  v128.store(to, a);
  v128.store(to + step, f32x4.add(near, nearOdd));
  v128.store(to + 2 * step, f32x4.sub(near, nearOdd));
  v128.store(to + 3 * step, f32x4.add(far, farOdd));
  v128.store(to + 4 * step, f32x4.sub(far, farOdd));
  v128.store(to + 5 * step, c);
}
