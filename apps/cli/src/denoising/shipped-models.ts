import { fileURLToPath } from 'node:url';
import { UnrolledError } from '@unrolled/contracts';
import type { NoiseArgument } from '../arguments.ts';

/** A model that ships with this package, and the noise that it was trained under. */
export interface ShippedModel extends NoiseArgument {
  readonly name: string;
  readonly file: string;
}

const trainedUnder: readonly NoiseArgument[] = [
  { family: 'gaussian', level: 25 },
  { family: 'poisson', level: 1 },
  { family: 'poisson', level: 4 },
];

/** The models that ship with this package. Sources and build lie at the same depth below it. */
export const shippedModels: readonly ShippedModel[] = trainedUnder.map(({ family, level }) => {
  const name = `${family}-${level}`;
  return {
    name,
    family,
    level,
    file: fileURLToPath(new URL(`../../models/${name}.safetensors`, import.meta.url)),
  };
});

/** How many times another peak counts may have: beyond the first it is said, beyond the second refused. */
export const farPeak = Object.freeze({ told: 2, refused: 5 });

/** How many times the larger of two levels is the smaller. */
export const timesApart = (one: number, other: number): number => Math.max(one / other, other / one);

/**
 * The model that was trained nearest to this noise. White noise of every level is served by scaling; counts are not.
 *
 * @throws UnrolledError INVALID_ARGUMENT for a peak that is far from all
 */
export function nearestModel({ family, level }: NoiseArgument): ShippedModel {
  const [nearest] = shippedModels
    .filter((model) => model.family === family)
    .sort((one, other) => timesApart(one.level, level) - timesApart(other.level, level));
  if (family === 'poisson' && timesApart(nearest!.level, level) > farPeak.refused) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `--noise: no model that comes along is for a peak of ${level} (there are 1 and 4); ` +
        `unrolled train denoise DIR --noise poisson:${level} makes one for --model`,
    );
  }
  return nearest!;
}
