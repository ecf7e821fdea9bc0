import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What a sorter of SpikeInterface found. */
export interface PeerSorting {
  readonly sorter: string;
  readonly version: string;
  readonly seconds: number;
  readonly times: readonly number[];
  readonly units: readonly number[];
}

const script = resolve(dirname(fileURLToPath(import.meta.url)), '../../peers/spike_sorters.py');

/** Runs one of SpikeInterface's own sorters on an .npy recording, in Python, on two threads. */
export async function runPeer(
  python: string,
  recording: { readonly path: string; readonly rate: number },
  sorter: string,
  signal: AbortSignal,
): Promise<PeerSorting> {
  const folder = await mkdtemp(join(tmpdir(), 'unrolled-peer-'));
  try {
    const out = join(folder, 'sorting.json');
    await promisify(execFile)(python, [script, recording.path, String(recording.rate), sorter, out], {
      signal,
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(await readFile(out, 'utf8')) as PeerSorting;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
