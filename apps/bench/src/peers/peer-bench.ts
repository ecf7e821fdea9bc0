import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeNpy, type NdArray, parseNpy } from '@unrolled/formats';
import type { BenchContext, Missing, Reached, Variant } from '../benchmark.ts';
import type { PeerName } from './choice.ts';
import { type LineProcess, lineProcess } from './line-process.ts';

/** What a peer's run gave: arrays, and numbers such as how many iterations it took. */
export interface PeerResult {
  readonly arrays: { readonly [name: string]: NdArray };
  readonly numbers: { readonly [name: string]: number };
}

/** A work that a peer does. */
export interface PeerWork {
  readonly name: string;
  /** `tfjs` is stock tfjs, in a process of its own: it runs whatever `--peers` says. */
  readonly peer: PeerName | 'tfjs';
  /** The name in WORKS of the peer's module, or in `serve-tfjs.mjs`. */
  readonly work: string;
  readonly arrays: { readonly [name: string]: NdArray };
  readonly options: { readonly [name: string]: number };
  readonly scaled?: number;
  readonly about?: string;
  /** Default: those of the bench. */
  readonly threads?: number;
  examine(result: PeerResult): Reached | Promise<Reached>;
}

/** The peers of one case: stock tfjs in a process that lives as long as the case, and the run's process of Python. */
export interface PeerBench {
  /** Hands the data over and prepares the work; adds to `variants`, or to `missing`. */
  add(work: PeerWork): Promise<void>;
  /** The same on all threads and, as `…-1-thread`, on one: where parts are small, two can be slower. */
  addOnEither(work: PeerWork): Promise<void>;
  readonly variants: readonly Variant[];
  readonly missing: readonly Missing[];
  dispose(): Promise<void>;
}

const folder = fileURLToPath(new URL('../../peers/', import.meta.url));
const howToInstall = 'node apps/bench/peers/install.mjs';

/** @param threads of every peer; those that can use one alone use one */
export function peerBench(context: BenchContext, threads: number): PeerBench {
  const variants: Variant[] = [];
  const missing: Missing[] = [];
  const files = new Map<NdArray, string>();
  const prepared: { readonly server: LineProcess; readonly name: string }[] = [];
  let tfjs: LineProcess | undefined;

  const serverOf = (peer: PeerWork['peer']): LineProcess => {
    if (peer !== 'tfjs') return context.python();
    tfjs ??= lineProcess(process.execPath, [join(folder, 'serve-tfjs.mjs')], {});
    return tfjs;
  };
  const fileOf = async (array: NdArray): Promise<string> => {
    const file = files.get(array) ?? join(context.folder, `array-${files.size}.npy`);
    if (!files.has(array)) await writeFile(file, encodeNpy(array));
    files.set(array, file);
    return file;
  };

  const bench: PeerBench = {
    variants,
    missing,
    async addOnEither(work) {
      await bench.add(work);
      const there = variants.some(({ name }) => name === work.name);
      if (there && threads > 1) await bench.add({ ...work, name: `${work.name}-1-thread`, threads: 1 });
    },
    async add(given) {
      const { name, peer, work, arrays, options, scaled, about, examine } = given;
      if (peer !== 'tfjs' && !context.peers.names.has(peer)) return;
      if (peer !== 'tfjs' && context.peers.python === undefined) {
        missing.push({ name, reason: `no Python with the peers. To get one: ${howToInstall}` });
        return;
      }
      const server = serverOf(peer);
      const handed: Record<string, string> = {};
      for (const [key, array] of Object.entries(arrays)) handed[key] = await fileOf(array);
      const answer = await server
        .ask({
          do: 'prepare',
          as: name,
          peer,
          work,
          arrays: handed,
          options,
          threads: given.threads ?? threads,
        })
        .catch((error: Error): { readonly [name: string]: unknown } => ({ missing: error.message }));
      if (answer['missing'] !== undefined) {
        missing.push({ name, reason: `${String(answer['missing'])}. To install it: ${howToInstall}` });
        return;
      }
      prepared.push({ server, name });
      variants.push({
        name,
        version: String(answer['version']),
        threads: Number(answer['threads']),
        ...(scaled !== undefined && { scaled }),
        ...(about !== undefined && { about }),
        run: async () => Number((await server.ask({ do: 'run', as: name }))['seconds']),
        examine: async () => {
          const result = await server.ask({ do: 'result', as: name, folder: context.folder });
          const read: Record<string, NdArray> = {};
          for (const [key, file] of Object.entries(result['arrays'] as { [name: string]: string }))
            read[key] = parseNpy(await readFile(file));
          return examine({ arrays: read, numbers: result['numbers'] as PeerResult['numbers'] });
        },
      });
    },
    dispose: async () => {
      tfjs?.stop();
      for (const { server, name } of prepared)
        if (server !== tfjs) await server.ask({ do: 'drop', as: name });
    },
  };
  return bench;
}

/** The numbers of one of a result's arrays. */
export const valuesOf = (result: PeerResult, name: string): ArrayLike<number> =>
  result.arrays[name]!.data as ArrayLike<number>;
