export { analysis1d, analysis1dScratch } from './analysis1d';
export { analysis2d, analysis2dScratch } from './analysis2d';
export { filterGradient1d, filterGradient1dScratch } from './filter-gradient1d';
export { filterGradient2d, filterGradient2dScratch } from './filter-gradient2d';
export { synthesis1d, synthesis1dScratch } from './synthesis1d';
export { synthesis2d, synthesis2dScratch } from './synthesis2d';
export { shrinkageStep } from './shrinkage';
export { encodeStretch, encodeStretchBytes } from './sparse-code/encode';
export { searchStretch, searchStretchBytes } from './sparse-code/search';
