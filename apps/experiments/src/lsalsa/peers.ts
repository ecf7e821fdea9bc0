import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encodeNpy, ndArray } from '@unrolled/formats';
import type { HostExamples } from '@unrolled/unroll';
import type { ExperimentContext } from '../experiment.ts';
import { of, timeOf } from './claims.ts';
import { slice } from './examples.ts';
import type { PartResult } from './part.ts';
import { loadScenario } from './scenario.ts';

/** An encoder, how near it comes, and how long it takes for all patches. */
export interface PeerEncoder {
  readonly name: string;
  readonly rmse: number;
  readonly seconds: number;
}

export interface PeerResult {
  readonly patches: number;
  readonly encoders: readonly PeerEncoder[];
}

const script = resolve(dirname(fileURLToPath(import.meta.url)), '../../peers/sparse_encode.py');
/** Of LSALSA; or the deepest below it. */
const depth = 5;

/** scikit-learn's `sparse_encode` on the same patches, beside LSALSA of five layers. */
export async function sparseEncodePeers(
  { results, signal }: ExperimentContext,
  fashion: PartResult,
  python: string,
): Promise<PeerResult | undefined> {
  const ours = of(fashion, 'lsalsa').findLast(({ layers }) => layers <= depth);
  if (!ours) return undefined;
  const { path, weights } = fashion.prepared;
  return results.once('peers sparse_encode', { weights, rmse: ours.rmse }, async () => {
    const { test, atoms } = await loadScenario(path);
    const count = Math.min(10_000, test.signals.shape[0]!);
    const folder = await mkdtemp(join(tmpdir(), 'unrolled-peer-'));
    try {
      const arrays: [string, HostExamples][] = [
        ['signals', slice(test.signals, 0, count)],
        ['targets', slice(test.targets, 0, count)],
        ['atoms', atoms[0]!],
      ];
      for (const [name, { data, shape }] of arrays)
        await writeFile(join(folder, `${name}.npy`), encodeNpy(ndArray(data, [...shape])));
      const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
      const out = join(folder, 'found.json');
      await promisify(execFile)(python, [script, folder, String(weights[0]), String(ours.rmse), out], {
        signal,
        env,
      });
      const peers = JSON.parse(await readFile(out, 'utf8')) as PeerEncoder[];
      const own = {
        name: `LSALSA, ${ours.layers} layers`,
        rmse: ours.rmse,
        seconds: (count * timeOf(fashion, 'lsalsa', ours.layers)) / 1e6,
      };
      return { patches: count, encoders: [own, ...peers] };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
