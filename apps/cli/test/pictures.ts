import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MixtureSimulationOptions, simulateMixtures } from '@unrolled/data';
import { encodePng, type Image } from '@unrolled/images';
import { picturesOf } from '../src/training/components.ts';

/** Simulated mixtures and their parts, picture by picture. */
export function pictures(
  options: MixtureSimulationOptions,
): Record<'mixtures' | 'digits' | 'textures', Image[]> {
  const { mixtures, digits, textures } = simulateMixtures(options);
  return { mixtures: picturesOf(mixtures), digits: picturesOf(digits), textures: picturesOf(textures) };
}

/** Writes a picture as a .png file. */
export function writePng(folder: string, name: string, picture: Image): void {
  writeFileSync(join(folder, name), encodePng(picture));
}
