import type { KernelBackend } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { UnrolledError } from '@unrolled/contracts';
import {
  type BackendProvider,
  importOptional,
  isRegistered,
  type MissingBackend,
  messageOf,
  missing,
  type PresentBackend,
  present,
} from './backend.ts';

// The types of WebGPU, as far as they are used here: TypeScript has them for browsers alone.
interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}
interface Adapter {
  readonly info: AdapterInfo;
  readonly features: ReadonlySet<string>;
  readonly limits: { readonly [name: string]: number };
  requestDevice(descriptor: object): Promise<unknown>;
}
interface Gpu {
  requestAdapter(options: object): Promise<Adapter | null>;
}
interface DawnPackage {
  create(flags: readonly string[]): Gpu;
  readonly globals: object;
}
interface WebgpuPackage {
  readonly WebGPUBackend: new (device: unknown, info: AdapterInfo) => KernelBackend;
}

/** tfjs asks for as much as there is of these: the defaults are those of a telephone. */
const limits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
];

const options = { powerPreference: 'high-performance' };
const install = 'npm install webgpu @tensorflow/tfjs-backend-webgpu@4.22';
const driver =
  'install a Vulkan, Metal or D3D12 driver for the graphics card (libvulkan1 on Debian), or use wasm';

/** A graphics card through WebGPU: a browser's own, or Dawn's, which the npm package `webgpu` brings to Node. */
export const webgpu: BackendProvider = Object.freeze({
  name: 'webgpu',
  async find(unasked = false): Promise<PresentBackend | MissingBackend> {
    if (unasked && !mayHaveGraphicsCard()) return missing('this computer has no graphics card', driver);
    try {
      return await (browserGpu() ? findInBrowser() : findInNode());
    } catch (error) {
      return missing(`WebGPU does not start: ${messageOf(error)}`, driver);
    }
  },
});

const browserGpu = (): Gpu | undefined =>
  (globalThis as { navigator?: { readonly gpu?: Gpu } }).navigator?.gpu;

/** Linux shows a graphics card as a device file; elsewhere only the driver knows. */
function mayHaveGraphicsCard(): boolean {
  if (globalThis.process?.platform !== 'linux') return true;
  const { existsSync } = process.getBuiltinModule('node:fs');
  return ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'].some((path) => existsSync(path));
}

async function findInBrowser(): Promise<PresentBackend | MissingBackend> {
  if (!isRegistered('webgpu')) await importOptional('@tensorflow/tfjs-backend-webgpu');
  if (!isRegistered('webgpu')) {
    return missing(
      '@tensorflow/tfjs-backend-webgpu is not loaded',
      'import it in your program, before useBackend',
    );
  }
  const adapter = await browserGpu()!.requestAdapter(options);
  return adapter ? describe(adapter) : missing('the browser gives no WebGPU adapter', driver);
}

/** The adapter that was found last: Dawn and its driver are started once. */
let found: Adapter | undefined;

async function findInNode(): Promise<PresentBackend | MissingBackend> {
  if (!globalThis.process?.versions?.node)
    return missing('this browser has no WebGPU', 'use wasm, or a current browser');
  if (found) return describe(found);
  const dawn = await importOptional<DawnPackage>('webgpu');
  if (!dawn) return missing('the package "webgpu" (Dawn) is not installed', install);
  const package_ = await importOptional<WebgpuPackage>('@tensorflow/tfjs-backend-webgpu');
  if (!package_) return missing('@tensorflow/tfjs-backend-webgpu is not installed', install);
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter(options);
  if (!adapter) return missing('Dawn finds no graphics driver', driver);
  Object.assign(globalThis, dawn.globals);
  tf.registerBackend('webgpu', async () => {
    const requiredLimits = Object.fromEntries(limits.map((name) => [name, adapter.limits[name]]));
    const device = await adapter.requestDevice({ requiredLimits });
    return withoutReadSync(withNavigator(gpu, () => new package_.WebGPUBackend(device, adapter.info)));
  });
  found = adapter;
  return describe(adapter);
}

/** tfjs reads synchronously through a canvas of the browser's, and without one would only say what Node does not define. */
function withoutReadSync(backend: KernelBackend): KernelBackend {
  const readSync = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    try {
      // What has never been on the graphics card is there to be read.
      return readSync(dataId);
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      throw new UnrolledError(
        'UNAVAILABLE',
        'WebGPU in Node cannot read a tensor synchronously: `await tensor.data()` reads it; what has to read within a gradient, an ' +
          'implicit one, needs another backend',
      );
    }
  };
  // It warns that reading so is slow, before it fails.
  Object.assign(backend, { hasReadSyncWarned: true });
  return backend;
}

/** tfjs looks for `navigator.gpu` before it believes that there is WebGPU: it gets one for as long as it looks. */
function withNavigator<R>(gpu: Gpu, f: () => R): R {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  try {
    return f();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
}

function describe({ info }: Adapter): PresentBackend {
  const names = [info.vendor, info.architecture, info.description].filter(Boolean).join(', ');
  const software = info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|software/i.test(names);
  return present(`WebGPU on ${names || 'an unnamed adapter'}${software ? ' (software)' : ''}`, software);
}
