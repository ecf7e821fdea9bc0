import type { FileHandle } from 'node:fs/promises';
import { UnrolledError } from '@unrolled/contracts';

/**
 * Opens a file for reading. Node's module is looked for when it is needed and not before: the simulators run in a browser,
 * and a bundle for one holds nothing of Node.
 */
export async function openFile(path: string): Promise<FileHandle> {
  const files = globalThis.process?.getBuiltinModule?.('node:fs/promises');
  if (files === undefined)
    throw new UnrolledError('UNAVAILABLE', 'reading files needs Node (20.16 or later)');
  try {
    if (!(await files.stat(path)).isFile())
      throw new UnrolledError('INVALID_FILE', 'expected a file, found a folder');
    return await files.open(path, 'r');
  } catch (error) {
    if (error instanceof UnrolledError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : `cannot be opened (${message})`;
    throw new UnrolledError('INVALID_FILE', reason, { cause: error });
  }
}

/** So many bytes from a place in a file on. */
export async function readBytes(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    // One read gives at most 2 GiB.
    const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, 2 ** 30), position + done);
    if (bytesRead === 0) {
      throw new UnrolledError('INVALID_FILE', `truncated while it was read, at byte ${position + done}`);
    }
    done += bytesRead;
  }
  return bytes;
}

/** Puts the name of the file in front of what went wrong. */
export async function naming<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnrolledError)) throw error;
    throw new UnrolledError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}
