export {
  type Dcea,
  type DceaNames,
  type DceaOptions,
  type DceaProblem,
  type DceaWeights,
  dcea,
} from './dcea.ts';
export { type ImageFiltersOptions, imageFilters } from './image-filters.ts';
export { type TrainDceaOptions, trainDcea } from './train.ts';
