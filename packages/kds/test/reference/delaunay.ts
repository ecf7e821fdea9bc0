import type { Vector } from './kds.ts';

/** The corners of a triangle, by index. */
export type Triangle = readonly [number, number, number];

/** Twice the area of a triangle, positive where its corners go round to the left. */
const turn = (a: Vector, b: Vector, c: Vector): number =>
  (b[0]! - a[0]!) * (c[1]! - a[1]!) - (b[1]! - a[1]!) * (c[0]! - a[0]!);

/** The Delaunay triangles of points in the plane, by their definition: no other point lies in the circumcircle. */
export function delaunay(points: readonly Vector[]): Triangle[] {
  const found: Triangle[] = [];
  for (let i = 0; i < points.length; i++)
    for (let j = i + 1; j < points.length; j++)
      for (let k = j + 1; k < points.length; k++) {
        const [centre, squaredRadius] = circumcircle(points[i]!, points[j]!, points[k]!);
        const empty = points.every(
          (point, index) =>
            [i, j, k].includes(index) ||
            (point[0]! - centre[0]!) ** 2 + (point[1]! - centre[1]!) ** 2 >= squaredRadius,
        );
        if (empty) found.push([i, j, k]);
      }
  return found;
}

function circumcircle(a: Vector, b: Vector, c: Vector): readonly [Vector, number] {
  const [bx, by, cx, cy] = [b[0]! - a[0]!, b[1]! - a[1]!, c[0]! - a[0]!, c[1]! - a[1]!];
  const scale = 2 * (bx * cy - by * cx);
  const x = (cy * (bx * bx + by * by) - by * (cx * cx + cy * cy)) / scale;
  const y = (bx * (cx * cx + cy * cy) - cx * (bx * bx + by * by)) / scale;
  return [[a[0]! + x, a[1]! + y], x * x + y * y];
}

/** The weights with which the corners of a triangle make a point; one is negative where it lies outside. */
export function barycentric(points: readonly Vector[], [i, j, k]: Triangle, y: Vector): readonly number[] {
  const [a, b, c] = [points[i]!, points[j]!, points[k]!];
  const area = turn(a, b, c);
  return [turn(y, b, c) / area, turn(a, y, c) / area, turn(a, b, y) / area];
}
