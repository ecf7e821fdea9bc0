import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import { type Image, parsePicture, toGrey } from '@unrolled/images';
import { parseFile, requireFolder } from '../files/parse-file.ts';

/** Pictures to learn from, and others to say what was learned. */
export interface CleanPictures {
  readonly learned: readonly Image[];
  /** Where there is but one picture, that one. */
  readonly keptOut: readonly Image[];
}

const endings = /\.(png|jpe?g)$/i;

/** The brightness of every picture in these folders, none smaller than a crop; one of eight, and the last, is kept out. */
export function cleanPictures(folders: readonly string[], crop: number): CleanPictures {
  const pictures = folders.flatMap((folder) => {
    requireFolder(folder);
    const files = readdirSync(folder).filter((file) => endings.test(file));
    if (files.length === 0)
      throw new UnrolledError('INVALID_FILE', `${folder}: expected pictures (.png, .jpg), found none`);
    return files.sort().map((file) => readPicture(join(folder, file), crop));
  });
  if (pictures.length === 1) return { learned: pictures, keptOut: pictures };
  const isKeptOut = (_: Image, index: number): boolean =>
    index % 8 === 7 || (pictures.length < 8 && index === pictures.length - 1);
  return {
    learned: pictures.filter((picture, index) => !isKeptOut(picture, index)),
    keptOut: pictures.filter(isKeptOut),
  };
}

function readPicture(path: string, crop: number): Image {
  const picture = parseFile(path, (bytes) => toGrey(parsePicture(bytes)));
  const { data, height, width } = picture;
  if (height < crop || width < crop) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${path}: expected at least ${crop} × ${crop} pixels, a crop, found ${height} × ${width}`,
    );
  }
  if (data.every((value) => value === 0))
    throw new UnrolledError('INVALID_ARGUMENT', `${path}: expected a picture, found nothing but black`);
  return picture;
}
