/** What takes noise off pictures, and takes a moment to load: imported when everything that can be refused was refused. */
export { useBackend } from '@unrolled/backend';
export { loadDenoiser } from '@unrolled/denoising';
export { denoiseFile } from './denoise-file.ts';
export { noiseOf } from './noise-of.ts';
export { writeDenoisingSummary } from './summary.ts';
