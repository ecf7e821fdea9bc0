import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encodeNpy, ndArray } from '@unrolled/formats';
import { clusterAccuracy } from '@unrolled/metrics';
import type { ExperimentContext } from '../experiment.ts';
import type { Labelled } from './trial.ts';

/** Another way of clustering the same examples. */
export interface PeerResult {
  readonly name: string;
  readonly accuracy: number;
  /** CPU seconds of one thread. */
  readonly seconds: number;
}

const script = resolve(dirname(fileURLToPath(import.meta.url)), '../../peers/kds.py');

/** scikit-learn's spectral clustering and k-means of the same examples. */
export async function clusteringPeers(
  { results, python, seed, signal, log }: ExperimentContext,
  name: string,
  { examples, labels }: Labelled,
  classes: number,
): Promise<readonly PeerResult[] | undefined> {
  if (python === undefined) {
    log(`peers on ${name}: skipped (no --python with apps/experiments/peers/requirements.txt)`);
    return undefined;
  }
  return results.once(`peers ${name}`, { shape: examples.shape, classes, seed }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unrolled-peer-'));
    try {
      const out = join(folder, 'found.json');
      await writeFile(join(folder, 'examples.npy'), encodeNpy(ndArray(examples.data, [...examples.shape])));
      const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
      await promisify(execFile)(
        python,
        [script, join(folder, 'examples.npy'), String(classes), String(seed), out],
        { signal, env },
      );
      const found = JSON.parse(await readFile(out, 'utf8')) as {
        name: string;
        seconds: number;
        labels: number[];
      }[];
      return found.map(({ labels: clusters, ...rest }) => ({
        ...rest,
        accuracy: clusterAccuracy(labels, clusters),
      }));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
