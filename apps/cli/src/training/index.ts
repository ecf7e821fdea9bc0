/** What makes a model, and takes a moment to load: imported when everything that can be refused was refused. */
export { useBackend } from '@unrolled/backend';
export { saveLsalsa } from '@unrolled/lsalsa';
export { notesOf } from '../separation/model.ts';
export { checkpointStores } from './checkpoint-folder.ts';
export { examplesOf, trainModel } from './train-model.ts';
