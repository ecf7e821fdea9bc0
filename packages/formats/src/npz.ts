import { UnrolledError } from '@unrolled/contracts';
import { type Unzipped, unzipSync, zipSync } from 'fflate';
import type { NdArray } from './nd-array.ts';
import { encodeNpy, parseNpy } from './npy.ts';

/**
 * Reads the arrays of a `.npz` file (`numpy.savez`, `savez_compressed`), by name.
 *
 * @throws INVALID_FILE where the file is empty, no zip archive, or damaged; as `parseNpy` for each array, with its name
 * @example const { filters } = readNpz(readFileSync('network.npz'));
 */
export function readNpz(bytes: Uint8Array): { readonly [name: string]: NdArray } {
  return arraysOf(unzip(bytes));
}

/** What a `.npz` file holds: arrays by name, and what else was put into the archive. */
export interface NpzArchive {
  readonly arrays: { readonly [name: string]: NdArray };
  /** The content of the files whose names do not end in `.npy`, by those names. */
  readonly files: { readonly [name: string]: Uint8Array };
}

/**
 * Reads a `.npz` file to which others were added: notes beside the arrays, `config.json` say.
 *
 * @throws as `readNpz`
 * @example const config = JSON.parse(new TextDecoder().decode(readNpzArchive(bytes).files['config.json']));
 */
export function readNpzArchive(bytes: Uint8Array): NpzArchive {
  const entries = Object.entries(unzip(bytes));
  const [arrays, files] = [true, false].map((wanted) =>
    Object.fromEntries(entries.filter(([name]) => name.endsWith('.npy') === wanted)),
  ) as [Unzipped, Unzipped];
  return Object.freeze({ arrays: arraysOf(arrays), files: Object.freeze(files) });
}

function arraysOf(entries: Unzipped): { readonly [name: string]: NdArray } {
  return Object.freeze(
    Object.fromEntries(
      Object.entries(entries).map(([entry, content]) => {
        const name = entry.replace(/\.npy$/, '');
        try {
          return [name, parseNpy(content)];
        } catch (error) {
          if (!(error instanceof UnrolledError)) throw error;
          throw new UnrolledError(error.code, `npz: array "${name}": ${error.message}`, { cause: error });
        }
      }),
    ),
  );
}

function unzip(bytes: Uint8Array): Unzipped {
  if (bytes.length === 0) throw new UnrolledError('INVALID_FILE', 'npz: the file is empty');
  try {
    return unzipSync(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnrolledError('INVALID_FILE', `npz: not a zip archive, or a damaged one (${reason})`, {
      cause: error,
    });
  }
}

/**
 * Writes arrays to a `.npz` file that `numpy.load` reads. The same arrays give the same bytes.
 *
 * @param options.compress deflate the arrays; default false, as in `numpy.savez`
 * @param options.files what is to lie beside the arrays, by names that do not end in `.npy`
 */
export function writeNpz(
  arrays: { readonly [name: string]: NdArray },
  options: { readonly compress?: boolean; readonly files?: NpzArchive['files'] } = {},
): Uint8Array {
  const entries = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const);
  return zipSync(Object.fromEntries([...entries, ...Object.entries(options.files ?? {})]), {
    level: options.compress ? 6 : 0,
    // The first date that a zip archive can hold: the bytes must not depend on the clock, nor on the time zone.
    mtime: new Date(1980, 0, 1),
  });
}
