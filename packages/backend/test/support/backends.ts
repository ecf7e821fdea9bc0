import { existsSync } from 'node:fs';
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

/** The backends that tests run on; says what it leaves out. */
export async function backendsHere(): Promise<readonly BackendName[]> {
  offerSoftwareVulkan();
  const found = await webgpu.find();
  if (found.present) return ['cpu', 'wasm', 'webgpu'];
  console.warn(`skipped on webgpu: ${found.reason}`);
  return ['cpu', 'wasm'];
}
