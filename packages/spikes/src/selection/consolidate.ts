import { type ClusterOptions, clusterSnippets } from '../initial/cluster.ts';
import type { SelectionStep } from '../learned.ts';
import { type Candidate, matchPieces } from '../matching/match-pieces.ts';
import { candidatesOf, unitLabels } from './candidates.ts';
import { cleanedSnippets } from './cleaned-snippets.ts';
import { absorbCompanions, companions } from './compose.ts';
import { mergeDuplicates } from './duplicates.ts';

/** What one round of consolidation gives. */
export interface Consolidated {
  readonly candidates: readonly Candidate[];
  readonly steps: readonly SelectionStep[];
}

/**
 * One round from candidates to better ones: explain the pieces by them, make halves whole, take every spike out of its
 * neighbours, cluster the cleaned spikes anew, and take the medians. What overlaps had blurred is apart now; duplicates,
 * between whose spikes there is no valley, become one.
 *
 * @param pieces whitened `[time × channels]`
 * @param options.before sample of a template on which its peak falls
 * @param options.refractory samples within which a unit has one spike
 */
export function consolidate(
  pieces: readonly Float32Array[],
  candidates: readonly Candidate[],
  channels: number,
  options: ClusterOptions & { readonly before: number; readonly refractory: number },
): Consolidated {
  if (candidates.length === 0) return { candidates, steps: [] };
  const matched = matchPieces(pieces, candidates, channels, options);
  const halves = companions(matched);
  const { snippets, units, times } = cleanedSnippets(absorbCompanions(matched, halves), options.before);
  const labels = clusterSnippets(snippets, options);
  const samples = pieces.reduce((sum, piece) => sum + piece.length / channels, 0);
  const wholes = halves.map(
    ({ unit, companion, lag, share }): SelectionStep => ({
      action: 'merge',
      candidates: [unit, companion],
      reason: `${Math.round(100 * share)} % of the spikes come with the other's, ${lag} samples later: one waveform`,
    }),
  );
  const clustered = candidatesOf(snippets, labels, samples);
  const steps = [...wholes, ...merges(units, labels, options.dip)];
  if (options.units !== 'auto') return { candidates: clustered, steps };
  const members = unitLabels(labels);
  const { trains, steps: duplicates } = mergeDuplicates(
    clustered.map((candidate, index) => ({
      candidate,
      times: Array.from(times.filter((_, spike) => labels[spike] === members[index])).sort((a, b) => a - b),
    })),
    channels,
    options.refractory,
  );
  return { candidates: trains.map(({ candidate }) => candidate), steps: [...steps, ...duplicates] };
}

/** Candidates most of whose spikes are in one cluster now. */
function merges(before: Int32Array, after: Int32Array, dip: number): SelectionStep[] {
  const votes = new Map<number, Map<number, number>>();
  before.forEach((unit, index) => {
    const list = votes.get(unit) ?? new Map<number, number>();
    votes.set(unit, list.set(after[index]!, (list.get(after[index]!) ?? 0) + 1));
  });
  const goers = new Map<number, number[]>();
  for (const [unit, list] of [...votes].sort(([a], [b]) => a - b)) {
    const [label] = [...list].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
    goers.set(label, [...(goers.get(label) ?? []), unit]);
  }
  return [...goers].flatMap(([label, units]): SelectionStep[] => {
    if (label < 0) return [{ action: 'drop', candidates: units, reason: 'too few spikes for a cluster' }];
    if (units.length < 2) return [];
    return [
      { action: 'merge', candidates: units, reason: `no valley between their spikes (dip below ${dip})` },
    ];
  });
}
