import { requireInteger, requireShape } from '@unrolled/contracts';
import { assign } from './assignment.ts';

/**
 * The accuracy of a clustering: the share of examples in the right one, under the one-to-one matching of clusters to classes that makes it
 * largest (Hungarian). Clusters and classes need not be as many; what is left over counts as wrong.
 *
 * @param truth the class of every example, whole numbers ≥ 0
 * @param found the cluster of every example, whole numbers ≥ 0
 * @returns in [0, 1]
 * @throws INVALID_SHAPE where there are no examples, or not as many in both; INVALID_ARGUMENT for labels that are none
 * @example clusterAccuracy([0, 0, 1, 1], [1, 1, 0, 1]) // 0.75
 */
export function clusterAccuracy(truth: ArrayLike<number>, found: ArrayLike<number>): number {
  requireShape('truth', [Math.min(truth.length, 1)], [1], 'at least one example');
  requireShape('found', [found.length], [truth.length], 'a cluster for every example');
  const classes = labelsOf('truth', truth);
  const clusters = labelsOf('found', found);
  const counts = Array.from({ length: classes }, () => new Float64Array(clusters));
  for (let index = 0; index < truth.length; index++) counts[truth[index]!]![found[index]!]!++;
  const matches = assign(counts);
  const right = counts.reduce(
    (sum, row, label) => sum + (matches[label]! < 0 ? 0 : row[matches[label]!]!),
    0,
  );
  return right / truth.length;
}

/** One more than the largest label. */
function labelsOf(name: string, labels: ArrayLike<number>): number {
  let most = 0;
  for (let index = 0; index < labels.length; index++)
    most = Math.max(most, requireInteger(`${name}[${index}]`, labels[index]!, 0));
  return most + 1;
}
