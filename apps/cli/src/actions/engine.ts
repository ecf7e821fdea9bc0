/**
 * What computes, and what it takes a moment to load: imported when everything that can be refused was refused.
 */
export { useBackend } from '@unrolled/backend';
export { learnTemplates, sortRecording } from '@unrolled/spikes';
export { reportOf } from '../report/report.ts';
export { demoSimulation, simulateDemo } from './demo-recording.ts';
