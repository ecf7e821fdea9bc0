export type { Noise } from './noise/noise.ts';
export { type ShotNoise, shotNoise } from './noise/shot-noise.ts';
export { type WhiteNoise, whiteNoise } from './noise/white-noise.ts';
export { type NoisyCropsOptions, noisyCrops } from './training/noisy-crops.ts';
