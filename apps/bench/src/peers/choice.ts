import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { refuse } from '@unrolled/contracts';

/** The peers in Python, by the names that their variants begin with. */
export const peerNames = ['numpy', 'sporco', 'alphacsc', 'scikit-learn', 'pytorch'] as const;
export type PeerName = (typeof peerNames)[number];

/** Which peers are run, and by which Python. */
export interface PeerChoice {
  readonly names: ReadonlySet<PeerName>;
  /** Undefined where there is none: peers are then skipped. */
  readonly python: string | undefined;
}

/** Where `install.mjs` makes the environment unless told otherwise. */
const usual = ['out/bench-peers/bin/python', 'out/bench-peers/Scripts/python.exe'];

/**
 * Reads `--peers all|none|NAME,…` and `--python PYTHON`.
 *
 * @throws INVALID_ARGUMENT for a peer that is none, or a Python that is not there
 */
export function choosePeers(root: string, peers: string, python: string | undefined): PeerChoice {
  const names = new Set<PeerName>(
    peers === 'all' ? peerNames : peers === 'none' ? [] : peers.split(',').map(requirePeer),
  );
  if (python !== undefined && !existsSync(python)) refuse('--python', python, 'an existing program');
  const found = usual.map((path) => join(root, path)).find((path) => existsSync(path));
  return { names, python: python === undefined ? found : resolve(python) };
}

function requirePeer(name: string): PeerName {
  const known = peerNames.find((one) => one === name);
  return known ?? refuse('--peers', name, `all, none, or some of ${peerNames.join(',')}`);
}
