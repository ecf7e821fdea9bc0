/**
 * What computes, and what it takes a moment to load: imported when everything that can be refused was refused.
 */
export { useBackend } from '@unrolled/backend';
export { learnTemplates } from '@unrolled/spikes';
export { readLearned } from '../learned.ts';
export { demoSimulation, learnedDuration, simulateDemo } from './demo-recording.ts';
export { sortInto } from './sort-into.ts';
