import { seconds, table } from '../markdown.ts';
import { gainedLast } from '../pictures/curve.ts';
import { mean, type SetScore, scoreSet, spread } from '../pictures/scores.ts';
import { signed, withSpread } from '../pictures/wording.ts';
import { type Compared, claims, compared, titles } from './claims.ts';
import type { Results } from './experiment.ts';
import { atomsFigure, curvesFigure, picturesFigure } from './figures.ts';
import type { Recipe } from './plan.ts';

/** The result page, and its pictures. */
export function page(
  results: Results,
  command: string,
): { markdown: string; pictures: Record<string, string | Uint8Array> } {
  const networks = compared(results);
  const pictures: Record<string, string | Uint8Array> = {};
  const picture = (file: string, alternative: string, content: string | Uint8Array): string => {
    pictures[file] = content;
    return `![${alternative}](poisson/${file})`;
  };
  const sections = [
    '# DCEA on few photons: Poisson denoising',
    `Made by \`${command}\` (size \`${results.size}\`, ${results.device}; ${results.origin}). A picture is scaled so that its brightest pixel has the mean ` +
      'count `peak`, and every pixel is a Poisson draw. PSNR as in the paper: the peak is the greatest value of the clean picture, nothing is clipped; ' +
      'the mean over the test pictures' +
      `${results.plan.tested === undefined ? '' : `, of each the middle of ${results.plan.tested} pixels on a side`}, all with the same counts for everyone. ± is the standard deviation over draws of the counts.`,
    claimsSection(results),
    ...results.plan.recipes.map(({ peak }) => peakSection(results, networks, peak, picture)),
    atomsSection(networks, picture),
    chandraSection(results),
    methodSection(results, networks),
  ];
  return { markdown: `${sections.filter((section) => section !== '').join('\n\n')}\n`, pictures };
}

type Draw = (file: string, alternative: string, content: string | Uint8Array) => string;

const verdict = (holds: boolean): string => (holds ? 'yes' : '**no**');

function claimsSection(results: Results): string {
  const rows = claims(results).map(({ what, wanted, found, unit, holds }) => [
    what,
    wanted,
    `${signed(found)} ${unit}`,
    verdict(holds),
  ]);
  return rows.length === 0
    ? ''
    : `## What was to be shown\n\n${table(['claim', 'wanted', 'here', 'holds'], rows)}`;
}

function peakSection(results: Results, networks: readonly Compared[], peak: number, picture: Draw): string {
  const tests = results.tests.find((set) => set.peak === peak)!;
  const here = networks.filter((network) => network.peak === peak);
  const names = Object.keys(scoreSet(tests.scores).pictures);
  const row = (name: string, parameters: string, time: string, score: SetScore): string[] => [
    name,
    parameters,
    withSpread(score.psnr),
    score.psnrOfWhite.mean.toFixed(2),
    score.ssim.mean.toFixed(3),
    time,
    ...names.map((one) => score.pictures[one]!.mean.toFixed(2)),
  ];
  const ours = here.map(({ weights, runs, score }) => ({
    score,
    cells: row(`DCEA, ${weights}`, String(runs[0]!.parameters), seconds(mean(runs.map(processorOf))), score),
  }));
  const theirs = (results.peers ?? [])
    .filter((peer) => peer.peak === peak)
    .map((peer) => {
      const score = scoreSet(peer.scores);
      const learned = peer.parameters === undefined ? '–' : seconds(learningOf(results));
      return { score, cells: row(titles[peer.method], String(peer.parameters ?? '–'), learned, score) };
    });
  const sorted = [...ours, ...theirs].sort((a, b) => b.score.psnr.mean - a.score.psnr.mean);
  const shown = [0, 2, 4].filter((index) => index < names.length);
  return [
    `## Peak ${peak}`,
    table(
      [
        'denoiser',
        'parameters',
        'PSNR (dB)',
        'PSNR of white (dB)',
        'SSIM',
        'learned for (processor)',
        ...names,
      ],
      [...sorted.map(({ cells }) => cells), row('the counts', '–', '–', scoreSet(tests.scores))],
    ),
    ...(here.length > 0
      ? [
          `Parts of the test pictures (PSNR is of the whole picture, first draw):`,
          picture(
            `pictures-peak-${peak}.png`,
            `Parts of test pictures at peak ${peak}`,
            picturesFigure(results, peak, shown),
          ),
        ]
      : []),
  ].join('\n\n');
}

const processorOf = ({ seconds: spent }: Compared['runs'][number]): number => spent.processor;

/** What the CNN was given. */
const learningOf = ({ plan, networks = [] }: Results): number =>
  plan.peerSeconds ?? Math.max(...networks.map(({ seconds: spent }) => spent.processor));

function atomsSection(networks: readonly Compared[], picture: Draw): string {
  if (networks.length === 0) return '';
  const rows = networks.map(({ weights, peak, runs }) => {
    const { biases, density, curve, seconds: spent } = runs[0]!;
    return [
      `${weights}, peak ${peak}`,
      `${Math.min(...biases).toFixed(3)} to ${Math.max(...biases).toFixed(3)}`,
      `${(100 * density).toFixed(0)} %`,
      signed({ mean: gainedLast(curve), deviation: 0 }),
      `${seconds(spent.processor)} (${seconds(spent.training)})`,
      seconds(spent.testing),
    ];
  });
  const first = networks[0]!.peak;
  return [
    '## What was learned',
    table(
      [
        'network',
        'b',
        'codes not 0',
        'last quarter of training (dB)',
        'training, processor (wall clock)',
        'testing, wall clock',
      ],
      rows,
    ),
    'Nothing keeps b positive: atoms of negative b are always on and carry the local mean. The last quarter of training is what PSNR still gained in it, ' +
      'on the middles of the test pictures: how far the networks are from where they would come to rest.',
    picture('curves.svg', 'PSNR and error against updates', curvesFigure(networks)),
    ...networks
      .filter(({ peak }) => peak === first)
      .map(({ weights, runs: [run] }) => {
        const whose =
          weights === 'tied' ? 'The atoms of the tied network' : 'The decoder’s atoms of the untied one';
        return `${whose} at peak ${first}, the most used first, each stretched to its own range around grey:\n\n${picture(`atoms-${weights}.png`, `Atoms, ${weights}`, atomsFigure(run!))}`;
      }),
  ].join('\n\n');
}

function chandraSection({ chandra, plan }: Results): string {
  if (!chandra) return '';
  const rows = Object.entries(chandra.gains)
    .sort(([, a], [, b]) => mean(b) - mean(a))
    .map(([name, gains]) => [name, withSpread(spread(gains), 3)]);
  return [
    '## An X-ray picture, of which no clean one exists',
    `The supernova remnant G21.5−0.9 as Chandra counted it, ${chandra.photons} photons on 216 × 261 pixels. Every photon is put into one of two halves by the ` +
      'toss of a coin; one half is denoised, and the other, which is independent of it, says how likely it is under the estimate: the gain in Poisson ' +
      'log-likelihood over photons spread evenly. Every estimate has one part in a hundred of the even rate mixed in. ± is over three such halvings.',
    table(['denoiser', 'held-out gain (nats a photon)'], rows),
    `Photographs at peak ${plan.recipes.at(-1)!.peak} are far from this picture: most of it has hardly a photon, and its core tens of them. So the network goes on ` +
      `learning on it, ${plan.adaptation} updates without anything clean: made from one half of the photons that it is given, its mean is to make the other half likely; ` +
      'an estimate is the sum over two halves, the mean over two halvings. What is brighter than two peaks is estimated from an eighth of the photons, or from an ' +
      'eighth of those, which have the same statistics. The Gaussian’s width is chosen by the very half that tests it. The picture’s licence is not settled: it is ' +
      'not shown here, the command writes it to `out/`.',
  ].join('\n\n');
}

function methodSection({ plan, peers = [] }: Results, networks: readonly Compared[]): string {
  if (networks.length === 0) return '';
  const [recipe] = plan.recipes;
  const { atoms, side, stride, steps, batch, crop, shifts, first, bounded } = recipe!;
  const bounds = plan.recipes.filter(({ largest }) => largest !== undefined);
  const each = (of: (recipe: Recipe) => number | string): string => {
    const values = plan.recipes.map((one) => String(of(one)));
    return new Set(values).size === 1
      ? values[0]!
      : plan.recipes.map(({ peak }, index) => `${values[index]} (peak ${peak})`).join(', ');
  };
  const seen = new Set<string>();
  const rows = peers.flatMap(({ method, version, settings, parameters, seconds: spent, peak }) => {
    const key = `${method} ${settings}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [
      [
        `${titles[method]}, peak ${peak}`,
        version,
        settings,
        String(parameters ?? '–'),
        seconds(spent.learning),
        seconds(spent.denoising),
      ],
    ];
  });
  const filters =
    first === 'cosines'
      ? 'the lowest cosines and their negatives (the paper begins with noise, and trains a thousand times as long)'
      : 'normal noise';
  return [
    '## How',
    [
      `- ${atoms} filters ${side} × ${side} with stride ${stride}, ${each(({ layers }) => layers)} layers of ISTA without a step of their own, one-sided codes, one b for every atom. The published networks have 169 filters of 11 × 11, stride 7 and 15 layers: 20 618 parameters tied, 61 516 untied (\`--size paper\`).`,
      bounded
        ? '- The residual is bounded below by an ELU of the peak.'
        : '- The residual is exact, y − e^η. The paper bounds it by an ELU of the peak, which at a peak of 4 is up to four times as steep below zero as above, and so settles below the mean of noisy counts: before training it costs about 4.5 dB at this peak, and short training does not make good for it.' +
          bounds
            .map(({ peak, largest }) => ` At a peak of ${peak} no mean count is larger than ${largest}.`)
            .join(''),
      `- Filters begin as ${filters}, of norm ${each(({ norm }) => Number(norm.toPrecision(3)))}; b begins as ${each(({ bias }) => Number(bias.toPrecision(3)))}${first === 'cosines' ? ', that of the constants as 0' : ''}.`,
      `- ${steps} updates of Adam (ε = ${recipe!.epsilon}, rate ${each(({ rate }) => rate)}, falling by half a cosine${plan.recipes.some(({ clip }) => clip !== undefined) ? `; gradients no longer than ${each(({ clip }) => clip ?? 'any')}` : ''}) on ½‖clean − mean‖² in counts; each of ${batch} random ${batch === 1 ? 'crop' : 'crops'} of ${crop} pixels, turned over at random, new counts every time, averaged over ${shifts === 1 ? 'one random shift' : `${shifts} random shifts`}. Tests average over all ${stride ** 2} shifts.`,
      `- ${plan.seeds} ${plan.seeds === 1 ? 'seed' : 'seeds'}, ${plan.draws} ${plan.draws === 1 ? 'draw' : 'draws'} of the counts. The filters’ size, the rates and the bound were chosen among about ten short trainings with the results on these test pictures in view. Two networks are trained at a time, one thread each; the CNN learns for as many seconds of processor time as the longest of them did, on two threads. Where the wall clock says much more than the processor, the machine had other work.`,
    ].join('\n'),
    ...(rows.length > 0
      ? [table(['peer', 'version', 'settings', 'parameters', 'learning', 'denoising all pictures'], rows)]
      : ['The peers were not run: they need `--python`.']),
  ].join('\n\n');
}
