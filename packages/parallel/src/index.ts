export type { Executor, ItemOptions, StartedTask } from './executor.ts';
export { inProcess } from './in-process.ts';
export { type MapOptions, type MapProgress, map } from './map.ts';
export { type Moving, moving } from './moving.ts';
export {
  defineTask,
  type Returned,
  type Task,
  type TaskAddress,
  type TaskFunction,
  type TaskRunner,
} from './task.ts';
