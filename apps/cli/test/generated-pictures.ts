import { type Image, image } from '@unrolled/images';

/** Pictures that no model has seen: discs and bars over gradients, and gratings that change their frequency. */
export function generatedPictures(count: number, height: number, width: number): Image[] {
  return Array.from({ length: count }, (_, index) => {
    const data = Float32Array.from({ length: height * width }, (_, pixel) => {
      const [y, x] = [Math.floor(pixel / width) / height, (pixel % width) / width];
      const ramp = 0.2 + 0.4 * (index % 2 === 0 ? x : y);
      const disc = Math.hypot(y - 0.35, x - 0.3 - 0.1 * index) < 0.2 ? 0.35 : 0;
      const bar = Math.abs(x + 0.5 * y - 1 + 0.05 * index) < 0.04 ? -0.2 : 0;
      const grating = y > 0.65 ? 0.15 * Math.sin((12 + 6 * index) * x * (1 + x) * Math.PI) : 0;
      return Math.min(1, Math.max(0, ramp + disc + bar + grating));
    });
    return image(data, { height, width });
  });
}
