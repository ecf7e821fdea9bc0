import { basename, extname } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import { parseNpy } from '@unrolled/formats';
import { estimateDeviation, type Image, image, parsePicture, splitOpacity } from '@unrolled/images';
import type { NoiseArgument } from '../arguments.ts';
import { parseFile } from '../files/parse-file.ts';
import { countsIn } from './counts.ts';

/** A picture to denoise: where it lies, and what its outputs are named after. */
export interface RecordedFile {
  readonly file: string;
  readonly name: string;
}

/** What a file of it holds. */
export interface Recorded {
  /** In the units of its noise: a picture, or counts. */
  readonly light: Image;
  readonly opacity?: Image;
  readonly noise: NoiseArgument;
  /** It came as numbers, and goes as such. */
  readonly numbers: boolean;
}

/**
 * The pictures of these files by name: outputs are named after them, so that no two may have the same.
 *
 * @throws UnrolledError INVALID_ARGUMENT
 */
export function recordedFiles(files: readonly string[]): RecordedFile[] {
  const seen = new Map<string, string>();
  return files.map((file) => {
    const name = basename(file, extname(file));
    const other = seen.get(name);
    if (other !== undefined) {
      throw new UnrolledError(
        'INVALID_ARGUMENT',
        `${file}: has the name of ${other}, and so would its outputs; denoise them into two folders`,
      );
    }
    seen.set(name, file);
    return { file, name };
  });
}

/** Reads a picture with its noise, which `auto` has estimated. */
export function readRecorded({ file }: RecordedFile, noise: NoiseArgument | 'auto'): Recorded {
  return parseFile(file, (bytes) => {
    if (isNpy(file)) {
      if (noise === 'auto' || noise.family !== 'poisson')
        throw new UnrolledError('INVALID_ARGUMENT', 'a .npy holds counts: --noise poisson:PEAK');
      return { light: numbersIn(bytes), noise, numbers: true };
    }
    const { light, opacity } = splitOpacity(parsePicture(bytes));
    const known = noise === 'auto' ? estimated(light) : noise;
    return {
      light: known.family === 'poisson' ? countsIn(light, known.level) : light,
      ...(opacity && { opacity }),
      noise: known,
      numbers: false,
    };
  });
}

/** What a picture is without its noise, in grey levels or counts of any unit. */
export function readClean(file: string, { light }: Recorded): Image {
  const clean = parseFile(file, (bytes) =>
    isNpy(file) ? numbersIn(bytes) : splitOpacity(parsePicture(bytes)).light,
  );
  const [given, expected] = [clean, light].map(({ height, width, channels }) => [height, width, channels]);
  if (String(given) !== String(expected)) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `--clean: ${file}: expected ${expected!.join(' × ')} numbers, as the noisy picture has, found ${given!.join(' × ')}`,
    );
  }
  if (clean.data.every((value) => value <= 0))
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `--clean: ${file}: expected a picture, found nothing but black`,
    );
  return clean;
}

const isNpy = (file: string): boolean => extname(file).toLowerCase() === '.npy';

/** `[height, width]` or `[height, width, channels]`. */
function numbersIn(bytes: Uint8Array): Image {
  const { data, shape } = parseNpy(bytes);
  const [height, width, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3 || data.length === 0) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `expected [height, width] or [height, width, channels], found [${shape.join(', ')}]`,
    );
  }
  return image(Float32Array.from(data as ArrayLike<number | bigint>, Number), {
    height: height!,
    width: width!,
    channels,
  });
}

function estimated(light: Image): NoiseArgument {
  const level = 255 * estimateDeviation(light);
  if (level > 0) return { family: 'gaussian', level };
  throw new UnrolledError(
    'INVALID_ARGUMENT',
    '--noise auto: expected noise, found a picture that does not vary',
  );
}
