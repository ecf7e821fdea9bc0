import type { Random } from '@unrolled/contracts';

/** Waves of noise: so many that no eye finds one of them. */
const wavesOfNoise = 24;

/**
 * A texture of mean 0 and a given deviation: a grating of one or two waves, or noise that was filtered to a band of frequencies and
 * directions (a sum of waves with random phases).
 *
 * @returns `[height, width]`
 */
export function drawTexture(height: number, width: number, deviation: number, random: Random): Float32Array {
  const grating = random.uniform() < 0.4;
  const waves = grating ? 1 + random.integer(2) : wavesOfNoise;
  /** Cycles a pixel: fine enough to have several in a patch of a dozen pixels. */
  const frequency = random.uniform(0.12, 0.3);
  const direction = random.uniform(0, Math.PI);
  const texture = new Float32Array(height * width);
  for (let wave = 0; wave < waves; wave++) {
    const own = grating ? frequency : frequency * random.uniform(0.75, 1.3);
    const turned = grating ? direction + wave * (Math.PI / 2) : direction + random.normal(0, 0.35);
    const [across, down] = [2 * Math.PI * own * Math.cos(turned), 2 * Math.PI * own * Math.sin(turned)];
    const phase = random.uniform(0, 2 * Math.PI);
    // The mean square of a cosine is a half.
    const amplitude = deviation * Math.sqrt(2 / waves);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        texture[row * width + column]! += amplitude * Math.cos(across * column + down * row + phase);
      }
    }
  }
  return texture;
}
