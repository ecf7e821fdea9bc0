import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { webgpu } from '../../src/backends/webgpu.ts';
import type { BackendName } from '../../src/index.ts';

const folder = '/usr/lib/chromium';

/**
 * Debian's chromium brings a Vulkan that computes on the processor. Its loader is not where Dawn looks: a library that is in
 * the process already is found by its name, and RTLD_NODELETE keeps it there though it is no addon of Node's.
 */
function offerSoftwareVulkan(): void {
  if (!existsSync(`${folder}/vk_swiftshader_icd.json`) || !existsSync(`${folder}/libvulkan.so.1`)) return;
  process.env['VK_ICD_FILENAMES'] ??= `${folder}/vk_swiftshader_icd.json`;
  const [RTLD_LAZY, RTLD_GLOBAL, RTLD_NODELETE] = [0x1, 0x100, 0x1000];
  try {
    process.dlopen({ exports: {} }, `${folder}/libvulkan.so.1`, RTLD_LAZY | RTLD_GLOBAL | RTLD_NODELETE);
  } catch {
    // "Module did not self-register": it is no addon, and loaded all the same.
  }
}

/**
 * Loads `@tensorflow/tfjs-node` out of the folder UNROLLED_TENSORFLOW, where `apps/bench/tensorflow-backend/build.mjs` made it:
 * it is no dependency of anything here.
 */
function offerTensorflow(): void {
  const folder = process.env['UNROLLED_TENSORFLOW'];
  if (folder) createRequire(join(resolve(folder), 'package.json'))('@tensorflow/tfjs-node');
}

const known: readonly string[] = ['cpu', 'wasm', 'webgpu', 'tensorflow'] satisfies BackendName[];
const isKnown = (name: string): name is BackendName => known.includes(name);

/**
 * The backends that tests run on: those that UNROLLED_BACKENDS names ("tensorflow" or "wasm,webgpu"), else those of `usual` that are
 * here; says what it leaves out.
 */
export async function backendsHere(
  usual: readonly BackendName[] = ['cpu', 'wasm', 'webgpu'],
): Promise<readonly BackendName[]> {
  const asked = process.env['UNROLLED_BACKENDS']?.split(',');
  const names = asked ?? usual;
  if (!names.every(isKnown)) throw new Error(`UNROLLED_BACKENDS: some of ${known}, got ${asked}`);
  if (names.includes('tensorflow')) offerTensorflow();
  if (!names.includes('webgpu')) return names;
  offerSoftwareVulkan();
  const found = await webgpu.find();
  if (found.present) return names;
  if (asked) throw new Error(`UNROLLED_BACKENDS asks for webgpu: ${found.reason}`);
  console.warn(`skipped on webgpu: ${found.reason}`);
  return names.filter((name) => name !== 'webgpu');
}
