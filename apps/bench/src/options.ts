import { parseArgs } from 'node:util';
import { refuse, requireOneOf } from '@unrolled/contracts';
import type { Case } from './benchmark.ts';
import { choosePeers, type PeerChoice, peerNames } from './peers/choice.ts';

/** What the command line asks for. */
export interface BenchOptions {
  readonly help: boolean;
  readonly cases: readonly Case[];
  readonly size: 'full' | 'smoke';
  readonly peers: PeerChoice;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
}

/**
 * Reads the command line.
 *
 * @param cases all that there are
 * @param root of the repository, where an installed Python of peers is looked for
 * @throws INVALID_ARGUMENT for a case, peer or Python that is none
 */
export function benchOptions(args: readonly string[], cases: readonly Case[], root: string): BenchOptions {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      markdown: { type: 'string' },
      peers: { type: 'string', default: 'all' },
      python: { type: 'string' },
      size: { type: 'string', default: 'full' },
      help: { type: 'boolean', default: false },
    },
  });
  const names = cases.map(({ name }) => name);
  for (const name of positionals)
    if (!names.includes(name)) refuse('CASE', name, `one of ${names.join(', ')}`);
  return {
    help: values.help,
    cases: cases.filter(({ name, onRequest }) =>
      positionals.length === 0 ? onRequest !== true : positionals.includes(name),
    ),
    size: requireOneOf('--size', values.size, ['full', 'smoke']),
    peers: choosePeers(root, values.peers, values.python),
    json: values.json,
    markdown: values.markdown,
  };
}

/** What `--help` says. */
export const helpText = (
  cases: readonly Case[],
): string => `bench [CASE…] [--json FILE] [--markdown FILE] [--peers all|none|NAME,…] [--python PYTHON] [--size full|smoke]

${cases.map(({ name, about, onRequest }) => `  ${name.padEnd(18)} ${about}${onRequest ? ' (by name alone)' : ''}`).join('\n')}

  --json      writes the figures
  --markdown  writes a page with tables and plots; cases that this run leaves out keep what the page had
  --peers     which of ${peerNames.join(', ')} run beside ours, by default all that are installed
  --python    a Python with the peers (node apps/bench/peers/install.mjs makes one, in out/bench-peers, where it is found)
  --size      smoke: a second a case, to see that it works

Ours, plain tfjs and the peers run in turns; look at ratios. Times are medians.`;
