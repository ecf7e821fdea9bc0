import type { Random } from '@unrolled/contracts';
import { type Image, image, type Size } from '@unrolled/images';

/** Leaves until hardly a pixel is bare, by area. */
const layersOfLeaves = 12;

/**
 * A picture of the dead leaves model: discs of random grey that occlude one another, their radii with density r⁻³, which gives edges at
 * every scale and a spectrum like that of photographs. Every leaf is shaded along a direction of its own, and some have a grain.
 *
 * It stands for photographs where there are none.
 *
 * @see Lee, Mumford & Huang 2001, "Occlusion models for natural images"
 */
export function deadLeaves({ height, width }: Size, random: Random): Image {
  const data = new Float32Array(height * width).fill(0.5);
  const [least, greatest] = [2, Math.max(4, Math.min(height, width) / 3)];
  for (let covered = 0; covered < layersOfLeaves * height * width; ) {
    // The inverse of the distribution function of a density r⁻³ on [least, greatest].
    const radius = (least ** -2 - random.uniform() * (least ** -2 - greatest ** -2)) ** -0.5;
    covered += Math.PI * radius ** 2;
    const leaf = {
      row: random.uniform(-radius, height + radius),
      column: random.uniform(-radius, width + radius),
      grey: random.uniform(0.08, 0.92),
      shade: random.uniform(-0.1, 0.1),
      angle: random.uniform(0, 2 * Math.PI),
      grain: random.uniform() < 0.3 ? random.uniform(0, 0.12) : 0,
      pitch: random.uniform(0.6, 2),
    };
    const [across, along] = [Math.cos(leaf.angle), Math.sin(leaf.angle)];
    const top = Math.max(0, Math.ceil(leaf.row - radius));
    const left = Math.max(0, Math.ceil(leaf.column - radius));
    for (let row = top; row < Math.min(height, leaf.row + radius); row++) {
      for (let column = left; column < Math.min(width, leaf.column + radius); column++) {
        const [y, x] = [row - leaf.row, column - leaf.column];
        if (y * y + x * x > radius * radius) continue;
        const position = across * x + along * y;
        const value =
          leaf.grey + (leaf.shade * position) / radius + leaf.grain * Math.sin(leaf.pitch * position);
        data[row * width + column] = Math.min(1, Math.max(0, value));
      }
    }
  }
  return image(data, { height, width });
}
