import { readFileSync, statSync } from 'node:fs';
import { useBackend } from '@unrolled/backend';
import { random } from '@unrolled/contracts';
import { type Denoiser, denoise, loadDenoiser, untrainedDenoiser } from '@unrolled/denoising';
import { psnr } from '@unrolled/metrics';
import { beforeAll, describe, expect, it } from 'vitest';
import { nearestModel, shippedModels } from '../src/denoising/shipped-models.ts';
import { generatedPictures } from './generated-pictures.ts';

beforeAll(() => useBackend('wasm'));

const unseen = generatedPictures(2, 72, 80);

/** Mean PSNR over the unseen pictures, of what is white in units of the noise. */
async function quality(denoiser: Denoiser): Promise<number> {
  const { noise } = denoiser;
  let sum = 0;
  for (const [index, picture] of unseen.entries()) {
    const signal = noise.signal(picture);
    const { data } = await denoise(noise.corrupt(signal, random(90_125 + index)), denoiser);
    sum += psnr(signal.data, data, { peak: noise.family === 'poisson' ? noise.level : 1 });
  }
  return sum / unseen.length;
}

describe('the models that ship with the package', () => {
  it('are small', () => {
    const bytes = shippedModels.map(({ file }) => statSync(file).size);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(700_000);
  });

  it.each([
    // The stated margins in dB; measured 1.21, 0.18 and 3.70. On pictures as plain as these, wide cosines are nearly as good at a
    // peak of 1 before training; on photographs the gain is 1.2 dB.
    ['gaussian-25', 0.7],
    ['poisson-1', 0.1],
    ['poisson-4', 3],
  ])(
    '%s beats the network that it was before training by %d dB, on pictures that it has not seen',
    async (name, margin) => {
      const { file, family, level } = shippedModels.find((model) => model.name === name)!;
      const trained = await loadDenoiser(new Uint8Array(readFileSync(file)));
      expect(trained.noise).toMatchObject({ family, level: family === 'gaussian' ? level / 255 : level });
      expect(trained.description.command).toMatch(
        `unrolled train denoise kodak_gray --noise ${family}:${level} `,
      );
      const [size, , , atoms] = trained.network.variables['operator.filters']!.shape as [
        number,
        number,
        number,
        number,
      ];
      const { noise, description } = trained;
      const { layers, stride } = description;
      const untrained = await untrainedDenoiser({ noise, atoms, size, stride, layers });
      const gain = (await quality(trained)) - (await quality(untrained));
      expect(gain).toBeGreaterThan(margin);
      for (const { network } of [trained, untrained]) network.dispose();
    },
  );
});

describe('the nearest model', () => {
  it('is of the family, and of the peak that is fewest times apart', () => {
    expect(nearestModel({ family: 'gaussian', level: 90 }).name).toBe('gaussian-25');
    expect(nearestModel({ family: 'poisson', level: 1.9 }).name).toBe('poisson-1');
    expect(nearestModel({ family: 'poisson', level: 20 }).name).toBe('poisson-4');
  });

  it('is none where the peak is far from all', () => {
    for (const level of [0.1, 21])
      expect(() => nearestModel({ family: 'poisson', level })).toThrow(
        /no model that comes along is for a peak of/,
      );
  });
});
