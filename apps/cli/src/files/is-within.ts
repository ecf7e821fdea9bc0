import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** Is `path` this folder, or in it? Links are followed; neither need exist. */
export function isWithin(path: string, folder: string): boolean {
  const from = relative(real(folder), real(path));
  return from === '' || (from !== '..' && !from.startsWith(`..${sep}`) && resolve(from) !== from);
}

/** The path without links, as far as it exists. */
function real(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  const parent = dirname(absolute);
  return parent === absolute ? absolute : join(real(parent), basename(absolute));
}
