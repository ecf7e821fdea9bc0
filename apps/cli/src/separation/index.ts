/** What takes pictures apart, and takes a moment to load: imported when everything that can be refused was refused. */
export { useBackend } from '@unrolled/backend';
export { loadSeparationModel, shippedModel } from './model.ts';
export { separatePicture } from './separate-picture.ts';
export { writeSeparationSummary } from './summary.ts';
export { writeComponents } from './write-components.ts';
