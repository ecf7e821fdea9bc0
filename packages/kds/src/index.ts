export { type Clustering, type ClusterOptions, clusterCodes } from './clustering/cluster-codes.ts';
export { type KMeans, type KMeansOptions, kMeans, type Points } from './clustering/k-means.ts';
export {
  type EmbeddingOptions,
  type SpectralEmbedding,
  spectralEmbedding,
} from './clustering/spectral-embedding.ts';
export { unitNorm } from './examples.ts';
export { type Kds, type KdsOptions, type KdsProblem, kds } from './kds.ts';
export { type BestLandmarks, bestLandmarks } from './landmarks/best-landmarks.ts';
export { type SeedOptions, seedLandmarks } from './landmarks/seed-landmarks.ts';
export { type CodesOptions, codesOf, type SparseCodes, sparseCodes } from './sparse-codes.ts';
export { closedFormStages } from './training/closed-form-stages.ts';
export { reseedStage } from './training/reseed-stage.ts';
export { type TrainKdsOptions, trainKds } from './training/train-kds.ts';
