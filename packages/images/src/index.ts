export { joinChannels, splitChannels, splitOpacity } from './channels/channels.ts';
export { encodeJpeg, type JpegOptions, parseJpeg } from './files/jpeg.ts';
export { parsePicture } from './files/picture.ts';
export { encodePng, type PngOptions, parsePng } from './files/png.ts';
export { type Box, crop } from './geometry/crop.ts';
export { type FlipOptions, flip, randomFlip } from './geometry/flip.ts';
export { randomCrop } from './geometry/random-crop.ts';
export { type ResizeMethod, resize } from './geometry/resize.ts';
export { toGrey } from './grey.ts';
export { type Image, image, type Size } from './image.ts';
export { estimateDeviation } from './noise/estimate-deviation.ts';
export { type GaussianNoiseOptions, gaussianNoise } from './noise/gaussian-noise.ts';
export { type PoissonCounts, type PoissonCountsOptions, poissonCounts } from './noise/poisson-counts.ts';
export { type AssembleOptions, assemblePatches } from './patches/assemble-patches.ts';
export { type GridOptions, gridPatches } from './patches/grid-patches.ts';
export { mapTiles, type TileOptions } from './patches/map-tiles.ts';
export { type Patches, withValues } from './patches/patches.ts';
export { type RandomPatchesOptions, randomPatches } from './patches/random-patches.ts';
export {
  restorePatches,
  type StandardizedPatches,
  type StandardizeOptions,
  standardizePatches,
} from './patches/standardize.ts';
export type { Window } from './patches/windows.ts';
export { imageSheet, type SheetCell, type SheetOptions } from './sheet/image-sheet.ts';
export { type HaloTileOptions, mapHaloTiles } from './tiles/map-halo-tiles.ts';
export { type ReceptiveField, receptiveRadius } from './tiles/receptive-radius.ts';
