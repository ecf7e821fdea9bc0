export { type WorkerThreadsOptions, workerThreads } from './worker-threads.ts';
