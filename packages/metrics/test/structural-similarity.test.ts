import { describe, expect, it } from 'vitest';
import { multiScaleSsim, type Picture, ssim } from '../src/index.ts';

/** Waves that Python computes alike, in float32. */
function picture(
  height: number,
  width: number,
  channels: number,
  value: (row: number, column: number, channel: number) => number,
): Picture {
  const data = Float32Array.from({ length: height * width * channels }, (_, index) => {
    const pixel = Math.floor(index / channels);
    return value(Math.floor(pixel / width), pixel % width, index % channels);
  });
  return { data, height, width, channels };
}

const clean = (y: number, x: number, k: number): number =>
  0.5 + 0.3 * Math.sin(0.31 * x + 0.17 * y + k) + 0.2 * Math.cos((0.05 * x * y) / 10);
const spoilt = (y: number, x: number, k: number): number =>
  clean(y, x, k) * 0.9 + 0.05 + 0.06 * Math.sin(2.3 * x + 0.7 * y * y + k);

describe('structural similarity', () => {
  const [a, b] = [picture(40, 53, 1, clean), picture(40, 53, 1, spoilt)];

  it('is that of scikit-image', () => {
    // structural_similarity(a, b, data_range=L, gaussian_weights=True, sigma=1.5, use_sample_covariance=False), 0.26; both in
    // float64, from float32 numbers that sin may round otherwise in the last place.
    expect(ssim(a, b)).toBeCloseTo(0.8817972229352393, 7);
    expect(ssim(a, b, { range: 0.5 })).toBeCloseTo(0.8752935027186888, 7);
    // channel_axis=-1
    expect(ssim(picture(40, 53, 3, clean), picture(40, 53, 3, spoilt))).toBeCloseTo(0.8859976452657247, 7);
  });

  it('is 1 for equal pictures, does not depend on the order, nor on the scale of picture and range', () => {
    expect(ssim(a, a)).toBeCloseTo(1, 12);
    expect(ssim(b, a)).toBeCloseTo(ssim(a, b), 12);
    const grey = ({ data, ...size }: Picture): Picture => ({
      ...size,
      data: Array.from(data, (value) => 255 * value),
    });
    expect(ssim(grey(a), grey(b), { range: 255 })).toBeCloseTo(ssim(a, b), 12);
  });

  it('is negative for what is turned upside down', () => {
    const checks = (sign: number) => picture(11, 11, 1, (y, x) => (sign * (-1) ** (x + y)) / 4 + 0.5);
    expect(ssim(checks(1), checks(-1))).toBeLessThan(-0.9);
  });

  it('refuses pictures smaller than the window, of other sizes, not finite', () => {
    const small = picture(10, 20, 1, clean);
    expect(() => ssim(small, small)).toThrow(/clean\.height: expected a whole number ≥ 11, got 10/);
    expect(() => ssim(a, picture(53, 40, 1, clean))).toThrow(/estimate.*\[40, 53, 1\].*\[53, 40, 1\]/);
    expect(() => ssim(a, { ...b, data: new Float32Array(7) })).toThrow(/estimate\.data.*\[2120\]/);
    expect(() => ssim(a, { ...b, data: new Float32Array(2120).fill(Number.NaN) })).toThrow(/estimate.*NaN/);
    expect(() => ssim(a, b, { range: 0 })).toThrow(/range: expected a number > 0/);
    expect(() => ssim(a, b, { window: 7 } as object)).toThrow(/"window"/);
  });
});

describe('multi-scale structural similarity', () => {
  it('is that of the formula in PyTorch, float64', () => {
    // conv2d by the window, avg_pool2d(2), the paper's weights: an odd row is left out.
    const [x, y] = [picture(181, 176, 1, clean), picture(181, 176, 1, spoilt)];
    expect(multiScaleSsim(x, y)).toBeCloseTo(0.9903048826016669, 7);
    expect(multiScaleSsim(x, x)).toBeCloseTo(1, 12);
    // Upside down, the means of the contrast are negative: no power of those.
    const turned = { ...x, data: Array.from(x.data, (value) => 1 - value) };
    expect(multiScaleSsim(x, turned)).toBe(0);
  });

  it('refuses pictures whose coarsest scale holds no window', () => {
    const small = picture(175, 176, 1, clean);
    expect(() => multiScaleSsim(small, small)).toThrow(
      /clean\.height: expected a whole number ≥ 176, got 175/,
    );
  });
});
