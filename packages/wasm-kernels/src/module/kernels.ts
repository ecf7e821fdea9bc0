import { type Kernels, modules, type Variant } from '#kernels';
import { tensorMemory } from '../memory/heap.ts';
import { variantFor } from './variant.ts';

const instances = new WeakMap<WebAssembly.Memory, Kernels>();
const compiled = new Map<Variant, WebAssembly.Module>();

/**
 * The kernels, connected to the memory of the wasm backend in use; undefined where this engine has no SIMD.
 *
 * They take addresses and sizes, and look at nothing that they were not given.
 */
export function kernels(): Kernels | undefined {
  const memory = tensorMemory();
  const known = instances.get(memory);
  if (known) return known;
  const variant = variantFor(memory);
  if (!variant) return undefined;
  const { exports } = new WebAssembly.Instance(moduleOf(variant), { env: { memory } });
  const instance = exports as unknown as Kernels;
  instances.set(memory, instance);
  return instance;
}

/** Which build of the kernels the wasm backend in use has: `undefined` where this engine has no SIMD. */
export const kernelVariant = (): Variant | undefined => variantFor(tensorMemory());

function moduleOf(variant: Variant): WebAssembly.Module {
  let module = compiled.get(variant);
  if (!module) {
    const bytes = Uint8Array.from(atob(modules[variant]), (character) => character.charCodeAt(0));
    module = new WebAssembly.Module(bytes);
    compiled.set(variant, module);
  }
  return module;
}
