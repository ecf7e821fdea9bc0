import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encodeNpy, ndArray } from '@unrolled/formats';
import { folds, type TrialSet } from './trials.ts';

/** Rates by a method of others. */
export interface PeerRates {
  readonly name: string;
  /** Of one trial, `[fold][group · bins + bin]`. */
  readonly means: readonly (readonly number[])[];
}

const script = resolve(dirname(fileURLToPath(import.meta.url)), '../../peers/counts.py');

/** A smoothed histogram and a GLM, in Python, on the same folds. */
export async function peerRates(python: string, set: TrialSet, signal: AbortSignal): Promise<PeerRates[]> {
  const folder = await mkdtemp(join(tmpdir(), 'unrolled-peer-'));
  try {
    const [counts, out] = [join(folder, 'counts.npy'), join(folder, 'rates.json')];
    await writeFile(counts, encodeNpy(ndArray(set.counts.data, set.counts.shape)));
    const family = set.outOf === undefined ? 'POISSON' : String(set.outOf);
    await promisify(execFile)(python, [script, counts, family, String(folds), out], {
      signal,
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    const found = JSON.parse(await readFile(out, 'utf8')) as { name: string; means: number[][][] }[];
    return found.map(({ name, means }) => ({ name, means: means.map((fold) => fold.flat()) }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
