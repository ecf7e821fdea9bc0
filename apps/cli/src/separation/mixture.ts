import { basename, extname } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import { type Image, parsePng, type Size, toGrey } from '@unrolled/images';
import { parseFile } from '../files/parse-file.ts';

/** A picture to take apart: where it lies, and what its outputs are named after. */
export interface Mixture {
  readonly file: string;
  readonly name: string;
}

/** The brightness of a picture in a file. */
export function readMixture({ file }: Mixture): Image {
  return parseFile(file, (bytes) => toGrey(parsePng(bytes)));
}

/**
 * The mixtures of these files, each looked at: outputs are named after them, so that no two may have the same name.
 *
 * @throws UnrolledError INVALID_ARGUMENT, INVALID_FILE
 */
export function requireMixtures(files: readonly string[]): (Mixture & Size)[] {
  const seen = new Map<string, string>();
  return files.map((file) => {
    const name = basename(file, extname(file));
    const other = seen.get(name);
    if (other !== undefined) {
      throw new UnrolledError(
        'INVALID_ARGUMENT',
        `${file}: has the name of ${other}, and so would its components; separate them into two folders`,
      );
    }
    seen.set(name, file);
    const { height, width } = readMixture({ file, name });
    return { file, name, height, width };
  });
}

/** Refuses a picture that no tile of the model fits into. */
export function requireRoomFor(patch: Size, { file, height, width }: Mixture & Size): void {
  if (height >= patch.height && width >= patch.width) return;
  throw new UnrolledError(
    'INVALID_SHAPE',
    `${file}: expected at least ${patch.height} × ${patch.width} pixels, the model's patch, found ${height} × ${width}`,
  );
}
