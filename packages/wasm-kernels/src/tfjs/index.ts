// Imported for what it registers: what tfjs's wasm backend lacks for training, and what it does slowly.
import '@tensorflow/tfjs-backend-wasm';
import './batch-mat-mul.ts';
import './conv2d-backprop-filter.ts';
import './conv2d-backprop-input.ts';
import './identity.ts';
import './slice.ts';
import './unsorted-segment-sum.ts';
