// The gradients of every tfjs op, and the kernels of tfjs that wasm lacks: importing this package is all that a program does.
import '#gradients';
import './tfjs/index.ts';

export { analysis1d, filterGradient1d, synthesis1d } from './kernels/convolution1d.ts';
export { analysis2d, filterGradient2d, synthesis2d } from './kernels/convolution2d.ts';
export { extrapolate } from './kernels/extrapolate.ts';
export {
  type ShrinkageRows,
  shrinkageDerivative,
  shrinkageStep,
  sumSide,
} from './kernels/shrinkage.ts';
export { projectSimplex } from './kernels/simplex.ts';
export {
  type EncodedStretch,
  type EncodeOptions,
  encodeStretch,
} from './kernels/sparse-code/encode-stretch.ts';
export {
  type SearchedStretch,
  type SearchOptions,
  searchStretch,
} from './kernels/sparse-code/search-stretch.ts';
export type { CodeEntries } from './kernels/sparse-code/stretch.ts';
export { type CodeSpaceTables, type HeapTables, heapTables } from './kernels/sparse-code/tables.ts';
export { emptyOnHeap, heapView } from './memory/heap.ts';
export { kernelVariant } from './module/kernels.ts';
export { replaceKernel, type TfBackendName } from './tfjs/replace-kernel.ts';
