export { analysis1d, analysis1dScratch } from './analysis1d';
export { filterGradient1d, filterGradient1dScratch } from './filter-gradient1d';
export { synthesis1d, synthesis1dScratch } from './synthesis1d';
export { shrinkageStep } from './shrinkage';
export { encodeStretch, encodeStretchBytes } from './sparse-code/encode';
export { searchStretch, searchStretchBytes } from './sparse-code/search';
