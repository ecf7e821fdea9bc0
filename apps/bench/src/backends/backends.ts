import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type BackendName, type BackendReport, useBackend } from '@unrolled/backend';
import { refuse } from '@unrolled/contracts';

/** A backend as it is measured: in a process of its own. */
export interface Setting {
  readonly name: BackendName;
  /** How many threads TensorFlow may use; absent: as many as it likes. */
  readonly threads?: number;
  /** The folder that `tensorflow-backend/build.mjs` made; absent: tfjs-node is installed where Node finds it. */
  readonly folder?: string;
}

/** What a setting is called: "tensorflow, 1 thread". */
export const titleOf = ({ name, threads }: Setting): string =>
  threads === undefined ? name : `${name}, ${threads} thread${threads === 1 ? '' : 's'}`;

/** What has to be in the environment before a library is loaded. */
export const environmentOf = ({ threads }: Setting): NodeJS.ProcessEnv => ({
  ...process.env,
  // What its C++ says on starting is no news.
  TF_CPP_MIN_LOG_LEVEL: '2',
  ...(threads && { TF_NUM_INTRAOP_THREADS: `${threads}`, TF_NUM_INTEROP_THREADS: `${threads}` }),
});

const settingNames: readonly string[] = ['wasm', 'tensorflow', 'webgpu', 'cpu'] satisfies BackendName[];
const isName = (name: string): name is BackendName => settingNames.includes(name);

/** Reads `wasm,tensorflow:1,tensorflow,webgpu`: names, and after a colon the threads. */
export function parseSettings(text: string, folder: string | undefined): readonly Setting[] {
  return text.split(',').map((part) => {
    const [name = '', count] = part.trim().split(':');
    const threads = count === undefined ? undefined : Number(count);
    if (!isName(name)) return refuse('--backends', part, `some of ${settingNames.join(', ')}`);
    if (threads !== undefined && (name !== 'tensorflow' || !Number.isInteger(threads) || threads < 1))
      refuse('--backends', part, 'a number of threads ≥ 1, of tensorflow alone');
    return {
      name,
      ...(threads !== undefined && { threads }),
      ...(name === 'tensorflow' && folder !== undefined && { folder }),
    };
  });
}

/** Makes a setting the one in use; `useBackend` finds what is loaded here. */
export async function start({ name, folder }: Setting): Promise<BackendReport> {
  if (folder !== undefined && !tf.findBackendFactory(name))
    createRequire(join(resolve(folder), 'package.json'))('@tensorflow/tfjs-node');
  return useBackend(name);
}
