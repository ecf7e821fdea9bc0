import type { DceaWeights } from '@unrolled/dcea';
import type { PictureMethod } from '../pictures/peers.ts';
import { type PictureScore, type SetScore, type Spread, scoreSet, spread } from '../pictures/scores.ts';
import type { Results } from './experiment.ts';
import type { JobResult } from './job.ts';

/** What the peers are called. */
export const titles: { readonly [M in PictureMethod]: string } = {
  bm3d: 'Anscombe + BM3D',
  wavelets: 'Anscombe + wavelets',
  'nl-means': 'Anscombe + non-local means',
  sporco: 'Anscombe + convolutional dictionary (SPORCO)',
  cnn: 'plain CNN',
};

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

/** By how much one may be behind another and still stand beside it; dB. */
const margin = 1;
const beside = { wanted: `beside: at most ${margin} dB behind`, least: -margin };

/** What was to be shown, and what is. */
export interface Claim {
  readonly what: string;
  readonly wanted: string;
  readonly found: Spread;
  readonly unit: string;
  /** The mean is what is wanted, or more. */
  readonly holds: boolean;
}

/** The claims of which both sides were measured. */
export function claims(results: Results): Claim[] {
  const claim = (
    what: string,
    { wanted, least }: { readonly wanted: string; readonly least: number },
    found: Spread | undefined,
    unit: string,
  ): Claim[] => (found ? [{ what, wanted, found, unit, holds: found.mean >= least }] : []);
  const inDraws = results.plan.recipes.flatMap(({ peak }) => {
    const untied = runOf(results, 'untied', peak);
    const leadOver = (other: { readonly scores: readonly PictureScore[] } | undefined): Spread | undefined =>
      untied && other && lead(untied.scores, other.scores);
    return [
      ...claim(
        `peak ${peak}: untied ahead of tied`,
        { wanted: 'about 0.6 to 0.8 dB', least: 0.55 },
        leadOver(runOf(results, 'tied', peak)),
        'dB',
      ),
      ...claim(
        `peak ${peak}: untied and ${titles.bm3d}`,
        peak === 1 ? { wanted: 'ahead', least: 0 } : beside,
        leadOver(peerOf(results, 'bm3d', peak)),
        'dB',
      ),
      ...claim(
        `peak ${peak}: untied and a ${titles.cnn}`,
        beside,
        leadOver(peerOf(results, 'cnn', peak)),
        'dB',
      ),
    ];
  });
  const gains = results.chandra?.gains;
  const [ours] = gains ? Object.values(gains) : [];
  const theirs = gains?.[titles.bm3d];
  return [
    ...inDraws,
    ...claim(
      `X-ray picture: held-out likelihood and ${titles.bm3d}’s`,
      { wanted: 'better', least: 0 },
      ours && theirs && spread(ours.map((gain, index) => gain - theirs[index]!)),
      'nats a photon',
    ),
  ];
}

/** The first network of these weights at a peak. */
const runOf = (results: Results, weights: DceaWeights, peak: number): JobResult | undefined =>
  results.networks?.find((run) => run.weights === weights && run.peak === peak);

/** A peer at a peak. */
const peerOf = (results: Results, method: PictureMethod, peak: number) =>
  results.peers?.find((peer) => peer.method === method && peer.peak === peak);
