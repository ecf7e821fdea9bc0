export type { AtomConstraint, Atoms } from './atoms.ts';
export type { CodedBatch, CodeOptions } from './codes.ts';
export { dictionaryLearning } from './dictionary-learning.ts';
export type {
  DictionaryEndEvent,
  DictionaryEpochEvent,
  DictionaryEvent,
  DictionaryStepEvent,
} from './events.ts';
export type { Examples, HostExamples } from './examples.ts';
export { type LearnedDictionary, learnDictionary } from './learn-dictionary.ts';
export type { DictionaryLearningOptions } from './options.ts';
export {
  type Forgetting,
  mairalForgetting,
  type OnlineOptions,
  online,
  recentExamples,
} from './updates/online.ts';
export { projectedGradient } from './updates/projected-gradient.ts';
export type { AtomUpdate, AtomUpdateRun, UpdateContext } from './updates/update.ts';
