export { type Conv1dOptions, conv1d } from './conv1d.ts';
export { dense } from './dense.ts';
