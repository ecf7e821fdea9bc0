import { refuse } from '@unrolled/contracts';
import type { FinderName, FinderOf } from './finder.ts';

/** A finder and what it needs. */
interface LoadableFinder {
  /** Whether it computes with tensors, and so needs a backend. */
  readonly needsBackend: boolean;
  /** Loads it: a worker loads no more than it uses, which takes it a tenth of the time. */
  load(): Promise<FinderOf>;
}

const finders: { readonly [name in FinderName]: LoadableFinder } = Object.freeze({
  pursuit: { needsBackend: false, load: async () => (await import('./by-pursuit.ts')).byPursuit },
  network: { needsBackend: true, load: async () => (await import('./by-network.ts')).byNetwork },
  code: { needsBackend: true, load: async () => (await import('./by-sparse-code.ts')).bySparseCode },
});

/** The names of our finders, the default first. */
export const finderNames = Object.freeze(Object.keys(finders)) as readonly FinderName[];

/** A finder as it can be sent to a worker: by its name. A stranger's function stays what it is, and cannot leave this thread. */
export function sendableFinder(find: FinderOf | FinderName): FinderOf | FinderName {
  if (typeof find === 'function') return find.finderName ?? find;
  return finderNames.includes(find)
    ? find
    : refuse('options.find', find, `one of ${finderNames.join(', ')}, or a function`);
}

/** The finder of a name. A stranger's own is in the thread where its backend is, if it needs one. */
export function finderOf(find: FinderOf | FinderName): LoadableFinder {
  return typeof find === 'function' ? { needsBackend: false, load: async () => find } : finders[find];
}
