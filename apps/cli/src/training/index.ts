/** What makes a model, and takes a moment to load: imported when everything that can be refused was refused. */
export { useBackend } from '@unrolled/backend';
export { saveDenoiser } from '@unrolled/denoising';
export { saveLsalsa } from '@unrolled/lsalsa';
export { notesOf } from '../separation/model.ts';
export { checkpointStores } from './checkpoint-folder.ts';
export { trainDenoiser } from './train-denoiser.ts';
export { examplesOf, trainModel } from './train-model.ts';
