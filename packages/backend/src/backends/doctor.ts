import * as tf from '@tensorflow/tfjs-core';
import { type BackendName, type BackendProvider, messageOf } from './backend.ts';
import { type Checkup, checkup } from './checkup.ts';
import { providers, start } from './use-backend.ts';

/** What there is to say about one backend. */
export type Diagnosis =
  | ({
      readonly name: BackendName;
      readonly status: 'works';
      readonly device: string;
      readonly software: boolean;
    } & Checkup)
  | {
      readonly name: BackendName;
      /** `missing`: it is not here. `broken`: it is, but it does not start, or computes wrongly. */
      readonly status: 'missing' | 'broken';
      readonly reason: string;
      /** What to do about it. */
      readonly remedy: string;
    };

/** float32 sums of 15 thousand products are good for 1e-5; what is above this is wrong, not rounded. */
const tolerance = 1e-4;

/**
 * Looks at every backend: which are here, which are not, why, and what to do about it. Runs one kernel and one gradient on
 * each that is here, times them, and compares them with float64 on the host.
 *
 * The backend that was in use is in use again afterwards; where none was, `wasm` or the first that works is.
 *
 * @returns one diagnosis for every backend, in the order in which `useBackend('auto')` looks
 *
 * @example
 * for (const { name, status } of await doctor()) console.log(name, status);
 */
export async function doctor(): Promise<readonly Diagnosis[]> {
  const before = tf.getBackend() as BackendName | undefined;
  const diagnoses: Diagnosis[] = [];
  // The default is looked at first: what it finds must not depend on what starting a native library does to the process.
  for (const provider of [...providers].reverse()) diagnoses.unshift(await diagnose(provider));
  const works = (name: BackendName) => diagnoses.some((one) => one.name === name && one.status === 'works');
  const after = before ?? (works('wasm') ? 'wasm' : providers.find(({ name }) => works(name))?.name);
  if (after) await tf.setBackend(after);
  return Object.freeze(diagnoses);
}

/** Examines one backend, and leaves it in use. */
export async function diagnose({ name, find }: BackendProvider): Promise<Diagnosis> {
  const broken = (reason: string): Diagnosis =>
    Object.freeze({
      name,
      status: 'broken',
      reason,
      remedy: 'use another backend, and report this with the line above',
    });
  try {
    const found = await find();
    if (!found.present) {
      return Object.freeze({ name, status: 'missing', reason: found.reason, remedy: found.remedy });
    }
    const { device, software } = found;
    if (!(await start(name))) return broken(`${device}: does not start`);
    const result = await checkup();
    if (!(result.relativeError < tolerance)) {
      return broken(
        `${device}: computes wrongly, by ${result.relativeError.toExponential(1)} of the largest value`,
      );
    }
    return Object.freeze({ name, status: 'works', device, software, ...result });
  } catch (error) {
    return broken(messageOf(error));
  }
}
