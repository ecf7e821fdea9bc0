export type { BackendName } from './backend.ts';
export type { Checkup } from './checkup.ts';
export { type Diagnosis, doctor } from './doctor.ts';
export { type BackendReport, describeBackend, useBackend } from './use-backend.ts';
