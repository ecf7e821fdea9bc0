import { closeSync, existsSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import { encodeNpyHeader } from '@unrolled/formats';
import { isWithin } from '../files/is-within.ts';
import { moveIntoPlace, removeAtExit, siblingOf } from './temporaries.ts';

/** The reconstructed recording on its way to a file, piece by piece. */
export interface DenoisedFile {
  /** The next piece `[time, channels]`. */
  write(values: Float32Array): void;
  /** Puts the finished file in its place. */
  publish(): void;
}

/**
 * Refuses a file for the reconstruction that must not be written; writes nothing.
 *
 * @param folder the output folder: what lies in it would go when it is replaced
 * @throws UnrolledError EXISTS, INVALID_ARGUMENT
 */
export function requireDenoisedFree(
  file: string,
  options: { readonly recording: string; readonly folder: string; readonly force?: boolean | undefined },
): void {
  const refuseFile = (code: 'EXISTS' | 'INVALID_ARGUMENT', what: string): never => {
    throw new UnrolledError(code, `--denoised: ${file} ${what}`);
  };
  if (extname(file) !== '.npy') refuseFile('INVALID_ARGUMENT', 'must end in .npy');
  if (isWithin(file, options.recording)) refuseFile('EXISTS', 'is the recording itself');
  if (isWithin(file, options.folder))
    refuseFile('INVALID_ARGUMENT', 'lies in the output folder, which is replaced');
  if (!statSync(dirname(resolve(file)), { throwIfNoEntry: false })?.isDirectory()) {
    refuseFile('INVALID_ARGUMENT', 'lies in a folder that does not exist');
  }
  if (existsSync(file) && (!options.force || !statSync(file).isFile())) {
    refuseFile('EXISTS', 'exists; --force replaces it');
  }
}

/** Begins a float32 .npy file `[samples, channels]` that `requireDenoisedFree` has let pass. */
export function beginDenoised(file: string, samples: number, channels: number): DenoisedFile {
  const place = resolve(file);
  const temporary = siblingOf(place, 'partial');
  removeAtExit(temporary);
  const descriptor = openSync(temporary, 'wx');
  const append = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
  };
  append(encodeNpyHeader('float32', [samples, channels]));
  return Object.freeze({
    write: (values: Float32Array) =>
      append(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
    publish: () => {
      closeSync(descriptor);
      moveIntoPlace(temporary, place);
    },
  });
}
