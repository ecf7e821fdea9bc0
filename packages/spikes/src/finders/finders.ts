import { refuse } from '@unrolled/contracts';
import { byNetwork } from './by-network.ts';
import { byPursuit } from './by-pursuit.ts';
import { bySparseCode } from './by-sparse-code.ts';
import type { FinderOf } from './finder.ts';

/** A way to find spikes that is known by its name: a name can be sent to a worker and be written down, a function cannot. */
interface NamedFinder {
  readonly find: FinderOf;
  /** Whether it computes with tensors, and so needs a backend. */
  readonly needsBackend: boolean;
}

/** The names of our finders. */
export type FinderName = 'pursuit' | 'network' | 'code';

const finders: { readonly [name in FinderName]: NamedFinder } = Object.freeze({
  pursuit: { find: byPursuit, needsBackend: false },
  network: { find: byNetwork, needsBackend: true },
  code: { find: bySparseCode, needsBackend: true },
});

/** The names of our finders, the default first. */
export const finderNames = Object.freeze(Object.keys(finders)) as readonly FinderName[];

/** The name of a finder of ours; a stranger's function stays what it is, and cannot leave this thread. */
export function sendableFinder(find: FinderOf | FinderName): FinderOf | FinderName {
  if (typeof find === 'function') return finderNames.find((name) => finders[name].find === find) ?? find;
  return finderNames.includes(find)
    ? find
    : refuse('options.find', find, `one of ${finderNames.join(', ')}, or a function`);
}

/** The finder of a name, and whether it needs a backend. A stranger's own is in the thread where its backend is. */
export function finderOf(find: FinderOf | FinderName): NamedFinder {
  return typeof find === 'function' ? { find, needsBackend: false } : finders[find];
}
