// The gradients of every tfjs op, then the kernels that wasm lacks: importing this package is all that a program does.
import '#gradients';
import './kernels/wasm/index.ts';

export * from './backends/index.ts';
export * from './engine/index.ts';
export * from './kernels/index.ts';
