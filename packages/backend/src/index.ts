// The gradients of every tfjs op, and the kernels that wasm lacks: importing this package is all that a program does.
import '@unrolled/wasm-kernels';

export * from './backends/index.ts';
export * from './engine/index.ts';
export * from './kernels/index.ts';
