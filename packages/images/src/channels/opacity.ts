import { refuse } from '@unrolled/contracts';
import { type Image, requireImage } from '../image.ts';

/** Two channels are grey and opacity, four are colour and opacity. */
export function hasOpacity({ channels }: Image): boolean {
  return channels === 2 || channels === 4;
}

/** A picture whose channels are all light: opacity is no measurement, and has no noise. */
export function requireOpaque(name: string, picture: Image): Image {
  if (hasOpacity(requireImage(name, picture))) {
    refuse(
      name,
      `${picture.channels} channels`,
      'a picture without opacity (splitOpacity keeps it apart)',
      'INVALID_SHAPE',
    );
  }
  return picture;
}
