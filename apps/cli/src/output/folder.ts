import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import { isWithin } from '../files/is-within.ts';
import { strangersIn } from './ours.ts';
import { moveIntoPlace, removeAtExit, siblingOf } from './temporaries.ts';

/** A folder in the making. Whoever looks at its target sees the old one or the whole new one, never a half. */
export interface OutputFolder {
  /** Where the folder will be. */
  readonly target: string;
  /** Where to write until then: a hidden sibling, on the same disk. */
  readonly path: string;
  /** Puts the folder in its place; an older one of ours goes. */
  publish(): void;
}

export interface OutputFolderOptions {
  /** Replace what stands there, ours or not. */
  readonly force?: boolean | undefined;
  /** Files and folders that the command reads: an output folder that holds one of them would destroy it. */
  readonly inputs?: readonly string[];
}

/**
 * Refuses an output folder that must not be replaced; writes nothing. For before any work starts.
 *
 * Free to use: a path where nothing stands, an empty folder, and a folder that `unrolled` wrote and that holds
 * nothing else. A stranger's folder, or ours with somebody's files in it (Phy's curation), needs `force`.
 *
 * @throws UnrolledError EXISTS
 */
export function requireReplaceable(target: string, options: OutputFolderOptions = {}): void {
  const path = resolve(target);
  for (const input of [process.cwd(), ...(options.inputs ?? [])]) {
    if (isWithin(input, path)) {
      throw new UnrolledError('EXISTS', `--out: ${target} holds ${input}, which replacing it would remove`);
    }
  }
  requireWritableParent(target);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isDirectory()) {
    throw new UnrolledError('EXISTS', `--out: ${target} exists and is not a folder`);
  }
  if (options.force || readdirSync(path).length === 0) return;
  const strangers = strangersIn(path);
  if (strangers === undefined) {
    throw new UnrolledError(
      'EXISTS',
      `--out: the folder ${target} exists and was not written by unrolled; --force replaces it`,
    );
  }
  if (strangers.length > 0) {
    throw new UnrolledError(
      'EXISTS',
      `--out: the folder ${target} holds files that unrolled did not write (${strangers.slice(0, 3).join(', ')}` +
        `${strangers.length > 3 ? ', …' : ''}); --force replaces it with them`,
    );
  }
}

/** The nearest parent that is there must let us write. */
function requireWritableParent(target: string): void {
  let parent = dirname(resolve(target));
  while (!existsSync(parent)) parent = dirname(parent);
  if (!statSync(parent).isDirectory()) {
    throw new UnrolledError('INVALID_ARGUMENT', `--out: ${parent} is a file, so ${target} cannot be made`);
  }
  try {
    accessSync(parent, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new UnrolledError('INVALID_ARGUMENT', `--out: no permission to write in ${parent}`, { cause });
  }
}

/** Begins an output folder that `requireReplaceable` has let pass. What is not published is removed at exit. */
export function beginOutputFolder(target: string, options: OutputFolderOptions = {}): OutputFolder {
  // Through a link the folder that it points at is replaced, and the link stays.
  const place = existsSync(target) ? realpathSync(target) : resolve(target);
  const parent = dirname(place);
  const firstMade = mkdirSync(parent, { recursive: true });
  if (firstMade !== undefined) process.on('exit', () => removeEmptyUpTo(parent, firstMade));

  const path = siblingOf(place, 'partial');
  mkdirSync(path);
  removeAtExit(path);

  const publish = (): void => {
    // Minutes have passed: somebody else may have put something there.
    requireReplaceable(target, options);
    const old = existsSync(place) ? siblingOf(place, 'old') : undefined;
    if (old) renameSync(place, old);
    try {
      moveIntoPlace(path, place);
    } catch (error) {
      if (old) renameSync(old, place);
      throw error;
    }
    if (old) rmSync(old, { recursive: true, force: true });
  };

  return Object.freeze({ target: place, path, publish });
}

/** Removes folders that we made as parents and that nothing came to live in. */
function removeEmptyUpTo(folder: string, firstMade: string): void {
  for (let path = folder; isWithin(path, firstMade); path = dirname(path)) {
    try {
      rmdirSync(path);
    } catch {
      return; // Not empty: it is in use.
    }
  }
}
