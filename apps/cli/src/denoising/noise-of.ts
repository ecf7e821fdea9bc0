import { type Noise, shotNoise, whiteNoise } from '@unrolled/denoising';
import type { NoiseArgument } from '../arguments.ts';

const makers: { readonly [F in NoiseArgument['family']]: (level: number) => Noise } = {
  gaussian: (greyLevels) => whiteNoise(greyLevels / 255, { centred: true }),
  poisson: shotNoise,
};

/** The noise that one has said: grey levels are of 0 to 255. Networks of white noise are shown pictures without their mean. */
export const noiseOf = ({ family, level }: NoiseArgument): Noise => makers[family](level);
