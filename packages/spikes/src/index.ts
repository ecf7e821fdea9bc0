export { type BandPass, bandPass } from './front/band-pass.ts';
export { type Conditioned, conditioned, type FrontEnd } from './front/front-end.ts';
export { type LearnOptions, learnTemplates } from './learn.ts';
export type { Learned, LearningEpoch, SelectionStep, UnitStatistics } from './learned.ts';
export type { Progress, WorkOptions } from './progress.ts';
export { type Sorted, type SortOptions, sortRecording } from './sort.ts';
export type * from './sorting.ts';
