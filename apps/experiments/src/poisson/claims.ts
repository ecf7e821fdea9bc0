import type { DceaWeights } from '@unrolled/dcea';
import type { PictureMethod } from '../pictures/peers.ts';
import { type PictureScore, type SetScore, type Spread, scoreSet, spread } from '../pictures/scores.ts';
import type { Results } from './experiment.ts';
import type { JobResult } from './job.ts';

/** Networks of one kind at one peak, over their seeds. */
export interface Compared {
  readonly weights: DceaWeights;
  readonly peak: number;
  readonly runs: readonly JobResult[];
  /** All seeds and draws of the noise together. */
  readonly score: SetScore;
}

/** The networks that were run, by peak, the untied before the tied. */
export function compared({ plan, networks = [] }: Results): Compared[] {
  return plan.recipes.flatMap(({ peak }) =>
    (['untied', 'tied'] as const).flatMap((weights) => {
      const runs = networks.filter((run) => run.weights === weights && run.peak === peak);
      return runs.length === 0 ? [] : [{ weights, peak, runs, score: scoreSet(runs.flatMap(renumbered)) }];
    }),
  );
}

/** Draws of different seeds are different draws. */
const renumbered = ({ scores, seed }: JobResult): PictureScore[] =>
  scores.map((score) => ({ ...score, draw: score.draw + 1000 * seed }));

/** By how much one denoiser is ahead of another on the same noisy pictures: dB, over draws. */
export function lead(first: readonly PictureScore[], second: readonly PictureScore[]): Spread {
  const draws = [...new Set(first.map(({ draw }) => draw))];
  return spread(
    draws.map((draw) => {
      const mean = (scores: readonly PictureScore[]): number =>
        scoreSet(scores.filter((score) => score.draw === draw)).psnr.mean;
      return mean(first) - mean(second);
    }),
  );
}

/** The first network of these weights at a peak. */
export const runOf = (results: Results, weights: DceaWeights, peak: number): JobResult | undefined =>
  results.networks?.find((run) => run.weights === weights && run.peak === peak);

/** A peer at a peak. */
export const peerOf = (results: Results, method: PictureMethod, peak: number) =>
  results.peers?.find((peer) => peer.method === method && peer.peak === peak);
