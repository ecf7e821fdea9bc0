import { random, requireInteger, requireKnownOptions, requireNonNegative } from '@unrolled/contracts';
import { type NdArray, ndArray } from '@unrolled/formats';

/** What is simulated; everything has a default. */
export interface MoonSimulationOptions {
  /** How many points; default 10,000. */
  readonly points?: number;
  /** The deviation of the noise on every coordinate; default 0.1. */
  readonly noise?: number;
  /** A whole number ≥ 0; default 0. */
  readonly seed?: number;
}

/** Points on two curves, and which one each is on. */
export interface MoonSimulation {
  /** `[points, 2]` */
  readonly points: NdArray<'float32'>;
  /** 0 or 1 in turn. */
  readonly labels: NdArray<'int32'>;
}

/**
 * Two moons: half circles of radius 1 that reach into each other, points spread evenly along them, with Gaussian noise,
 *
 *     (cos φ, sin φ)  and  (1 − cos φ, ½ − sin φ),   φ uniform on [0, π]
 *
 * the manifold in two pieces that no straight line tells apart. That of scikit-learn's `make_moons`, but for the angles, which are drawn.
 *
 * @throws INVALID_ARGUMENT, NOT_FINITE, UNKNOWN_OPTION
 * @example const { points, labels } = simulateMoons({ points: 2000, seed: 1 });
 */
export function simulateMoons(options: MoonSimulationOptions = {}): MoonSimulation {
  requireKnownOptions('simulateMoons', options, ['points', 'noise', 'seed']);
  const count = requireInteger('points', options.points ?? 10_000);
  const noise = requireNonNegative('noise', options.noise ?? 0.1);
  const draw = random(options.seed ?? 0);
  const labels = Int32Array.from({ length: count }, (_, index) => index % 2);
  const data = new Float32Array(2 * count);
  labels.forEach((label, index) => {
    const angle = draw.uniform(0, Math.PI);
    const [x, y] =
      label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    data.set([x + draw.normal(0, noise), y + draw.normal(0, noise)], 2 * index);
  });
  return { points: ndArray(data, [count, 2]), labels: ndArray(labels, [count]) };
}
