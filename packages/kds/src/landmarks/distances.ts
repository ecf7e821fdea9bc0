/** ‖p − q‖² in float64. */
export function squaredDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < p.length; index++) {
    const difference = p[index]! - q[index]!;
    sum += difference * difference;
  }
  return sum;
}

/** How far each of some points is from the nearest of others that are told one by one. */
export interface NearestDistances {
  /** Distances, not squared; ∞ before there is any other point. */
  readonly values: Float64Array;
  add(point: ArrayLike<number>): void;
}

export function nearestDistances(
  pointAt: (index: number) => ArrayLike<number>,
  count: number,
): NearestDistances {
  const values = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  return {
    values,
    add: (point) => {
      for (let index = 0; index < count; index++) {
        const distance = Math.sqrt(squaredDistance(pointAt(index), point));
        if (distance < values[index]!) values[index] = distance;
      }
    },
  };
}
