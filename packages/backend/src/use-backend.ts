import * as tf from '@tensorflow/tfjs-core';
import { refuse, requireOneOf, UnrolledError } from '@unrolled/contracts';

export type BackendChoice = 'auto' | 'wasm' | 'tensorflow' | 'webgpu' | 'cpu';
export interface BackendReport {
  readonly name: string;
}
/** Draft: widened below. */
export async function useBackend(name: BackendChoice = 'auto'): Promise<BackendReport> {
  requireOneOf('name', name, ['auto', 'wasm', 'tensorflow', 'webgpu', 'cpu']);
  if (name === 'tensorflow' || name === 'webgpu') refuse('name', name, 'wasm or cpu for now');
  const tfName = name === 'auto' ? 'wasm' : name;
  if (tfName === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  if (!(await tf.setBackend(tfName))) throw new UnrolledError('UNAVAILABLE', `${tfName}: did not start`);
  await tf.ready();
  return { name: tfName };
}
