import type { Random } from '@unrolled/contracts';

/** A point of the unit square: x to the right, y down. */
export type Point = readonly [number, number];

/** A line through points, in their order. */
export type Stroke = readonly Point[];

/** Part of an ellipse, as a stroke; angles in degrees, clockwise from the right. */
function arc(centre: Point, radii: Point, from: number, to: number): Stroke {
  const steps = Math.max(3, Math.ceil(Math.abs(to - from) / 20));
  return Array.from({ length: steps + 1 }, (_, step) => {
    const angle = ((from + ((to - from) * step) / steps) * Math.PI) / 180;
    return [centre[0] + radii[0] * Math.cos(angle), centre[1] + radii[1] * Math.sin(angle)] as const;
  });
}

/** The ten digits, as a pen draws them. */
const digits: readonly (readonly Stroke[])[] = [
  [arc([0.5, 0.5], [0.25, 0.37], 0, 360)],
  [
    [
      [0.36, 0.28],
      [0.54, 0.13],
      [0.54, 0.87],
    ],
  ],
  [[...arc([0.5, 0.34], [0.24, 0.21], 190, 390), [0.27, 0.86], [0.77, 0.86]]],
  [arc([0.46, 0.31], [0.24, 0.18], 200, 450), arc([0.46, 0.67], [0.27, 0.19], 270, 520)],
  [
    [
      [0.62, 0.88],
      [0.62, 0.13],
      [0.22, 0.62],
      [0.8, 0.62],
    ],
  ],
  [[[0.72, 0.14], [0.34, 0.14], [0.31, 0.46], ...arc([0.48, 0.64], [0.25, 0.23], 240, 500)]],
  [[[0.66, 0.13], ...arc([0.5, 0.64], [0.24, 0.23], 200, 560)]],
  [
    [
      [0.25, 0.14],
      [0.76, 0.14],
      [0.42, 0.87],
    ],
  ],
  [arc([0.5, 0.31], [0.2, 0.18], 90, 450), arc([0.5, 0.67], [0.25, 0.19], 270, 630)],
  [[...arc([0.5, 0.36], [0.23, 0.22], 20, 380), [0.66, 0.87]]],
];

/** A digit 0 … 9 in the unit square as somebody writes it: turned, slanted and stretched a little, its points moved a little. */
export function writtenDigit(digit: number, random: Random): readonly Stroke[] {
  const turn = random.normal(0, 0.1);
  const slant = random.normal(0, 0.12);
  const [wide, tall] = [random.uniform(0.85, 1.1), random.uniform(0.9, 1.05)];
  const [right, down] = [random.normal(0, 0.02), random.normal(0, 0.02)];
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  return digits[digit]!.map((stroke) =>
    stroke.map(([x, y]) => {
      const u = wide * (x - 0.5) - slant * (y - 0.5) + random.normal(0, 0.008);
      const v = tall * (y - 0.5) + random.normal(0, 0.008);
      return [0.5 + right + cosine * u - sine * v, 0.5 + down + sine * u + cosine * v] as const;
    }),
  );
}
