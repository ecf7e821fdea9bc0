import { requireInteger, requireKnownOptions } from '@unrolled/contracts';
import type { SparseCodes } from '../sparse-codes.ts';
import { type KMeansOptions, kMeans, nearestCentres, type Points } from './k-means.ts';
import { type EmbeddingOptions, type SpectralEmbedding, spectralEmbedding } from './spectral-embedding.ts';

/** Options of {@link clusterCodes}: those of `kMeans` and of `spectralEmbedding`. */
export interface ClusterOptions extends KMeansOptions, EmbeddingOptions {}

/** Examples and atoms in clusters, and a rule for others. */
export interface Clustering {
  /** The cluster of every example. */
  readonly labels: Int32Array;
  /** The cluster of every atom; of one that no code used, some cluster, which says nothing. */
  readonly atomLabels: Int32Array;
  readonly embedding: SpectralEmbedding;
  /** The clusters of other examples, from their codes over the same atoms. */
  assign(codes: SparseCodes): Int32Array;
}

/**
 * Spectral clustering by codes: examples and atoms are embedded (`spectralEmbedding`, as many components as clusters), their places
 * scaled to norm 1, and k-means finds the clusters of both together.
 *
 * Its cost is linear in the examples: the eigenproblem is one of atoms.
 *
 * @param codes on the simplex, as `codesOf` gives them
 * @param clusters at most as many as atoms that are used
 * @throws INVALID_ARGUMENT for more clusters than atoms that are used, or than different places; INVALID_SHAPE; NOT_FINITE
 * @example
 * const clustering = clusterCodes(await codesOf(network, points), 2);
 * const labels = clustering.assign(await codesOf(network, others)); // of points that it has not seen
 * @see Tasissa, Tankala, Murphy & Ba (2023), "K-deep simplex", section IV; Ng, Jordan & Weiss 2001, "On spectral clustering"
 */
export function clusterCodes(codes: SparseCodes, clusters: number, options: ClusterOptions = {}): Clustering {
  requireKnownOptions('clusterCodes', options, ['restarts', 'seed', 'method']);
  const { method, ...rest } = options;
  const { seed } = options;
  const embedding = spectralEmbedding(codes, requireInteger('clusters', clusters), {
    ...(method && { method }),
    ...(seed !== undefined && { seed }),
  });
  const examples = unitRows(embedding.embed(codes));
  const { labels, centres } = kMeans(joined(examples, usedRows(unitRows(embedding.atoms))), clusters, rest);
  return Object.freeze({
    labels: labels.slice(0, codes.examples),
    atomLabels: nearestCentres(unitRows(embedding.atoms), centres).labels,
    embedding,
    assign: (others: SparseCodes) => nearestCentres(unitRows(embedding.embed(others)), centres).labels,
  });
}

function joined(first: Points, second: Points): Points {
  const data = new Float64Array(first.data.length + second.data.length);
  data.set(first.data);
  data.set(second.data, first.data.length);
  return { data, shape: [first.shape[0] + second.shape[0], first.shape[1]] };
}

/** The places of atoms that have one. */
function usedRows({ data, shape }: Points): Points {
  const [rows, width] = shape;
  const kept = Array.from({ length: rows }, (_, row) => data.subarray(row * width, (row + 1) * width)).filter(
    (row) => row.some((value) => value !== 0),
  );
  return { data: Float64Array.from(kept.flatMap((row) => Array.from(row))), shape: [kept.length, width] };
}

/** Rows of norm 1; one that is zero, of codes over atoms that no code used before, stays zero. */
function unitRows({ data, shape }: Points): Points {
  const [rows, width] = shape;
  const unit = new Float64Array(data.length);
  for (let row = 0; row < rows; row++) {
    const values = data.subarray(row * width, (row + 1) * width);
    const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    if (norm > 0)
      unit.set(
        values.map((value) => value / norm),
        row * width,
      );
  }
  return { data: unit, shape };
}
