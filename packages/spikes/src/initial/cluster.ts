import type { Random } from '@unrolled/contracts';
import type { Background } from './background.ts';
import { isoMerge } from './iso-merge.ts';
import { kMeans } from './k-means.ts';
import { principalComponents } from './principal-components.ts';
import { wardMerge } from './ward.ts';

/** Directions of largest variance that clusters are looked for in. */
const COMPONENTS = 10;
/** Small clusters to start from, at most, and points of each. */
const START = 40;
const POINTS = 10;

/** How snippets are clustered. */
export interface ClusterOptions {
  /** As many clusters as have a valley between them, or this many. */
  readonly units: 'auto' | number;
  /** Clusters with a smaller dip between them are one: see `isocut`. */
  readonly dip: number;
  readonly background: Background;
  readonly random: Random;
}

/**
 * Clusters of snippets by shape: in units of the noise, on their principal components, first many small clusters of k-means, then
 * those merged between which there is no valley; or, where the number of units is given, by Ward's rule until so many are left.
 *
 * @returns one label a snippet, −1 for those of no cluster
 */
export function clusterSnippets(
  snippets: readonly Float32Array[],
  { units, dip, background, random }: ClusterOptions,
): Int32Array {
  if (snippets.length === 0) return new Int32Array(0);
  const points = principalComponents(snippets.map(background.whiten), COMPONENTS);
  const many = Math.max(1, Math.min(START, Math.floor(points.length / POINTS)));
  if (units === 'auto') return isoMerge(points, kMeans(points, many, random), { dip });
  return wardMerge(points, kMeans(points, Math.max(many, units), random), units);
}
