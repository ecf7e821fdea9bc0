import { seconds, table } from '../markdown.ts';
import { gainedLast } from '../pictures/curve.ts';
import type { PictureMethod } from '../pictures/peers.ts';
import { mean, type Spread, scoreSet } from '../pictures/scores.ts';
import { signed, withSpread } from '../pictures/wording.ts';
import { type Compared, compared, find, lead, scoreOf } from './claims.ts';
import type { Results } from './experiment.ts';
import { atomsFigure, curvesFigure, picturesFigure } from './figures.ts';
import { deviation, type Recipe } from './plan.ts';

const titles: { readonly [M in PictureMethod]: string } = {
  bm3d: 'BM3D',
  wavelets: 'wavelets',
  'nl-means': 'non-local means',
  sporco: 'convolutional dictionary (SPORCO)',
  cnn: 'plain CNN',
};

/** The result page, and its pictures. */
export function page(
  results: Results,
  command: string,
): { markdown: string; pictures: Record<string, string | Uint8Array> } {
  const networks = compared(results);
  const pictures: Record<string, string | Uint8Array> = {};
  const picture = (file: string, alternative: string, content: string | Uint8Array): string => {
    pictures[file] = content;
    return `![${alternative}](denoise/${file})`;
  };
  const { tested: side } = results.plan;
  const tested = side === undefined ? 'whole' : `middles, ${side} × ${side} pixels at most, of the`;
  const sections = [
    '# CRsAE on photographs: denoising',
    `Made by \`${command}\` (size \`${results.size}\`, ${results.device}; ${results.origin}). White Gaussian noise of σ = ${(255 * deviation).toFixed(0)}/255. ` +
      `PSNR as in the papers: the peak is the greatest value of the clean picture and nothing is clipped; the mean over the ${tested} test pictures, all ` +
      'with the same noise for everyone. ± is the standard deviation over seeds, of the first filters, the crops and their noise.',
    claimsSection(results, networks),
    networksSection(networks, picture),
    peersSection(results, networks),
    picturesSection(results, networks, picture),
    methodSection(results, networks),
  ];
  return { markdown: `${sections.filter((section) => section !== '').join('\n\n')}\n`, pictures };
}

type Draw = (file: string, alternative: string, content: string | Uint8Array) => string;

const decibels = (value: number): string => value.toFixed(2);
/** Whether a gap is as large as claimed: by more than what seeds differ by, or in their mean alone. */
function verdict({ mean, deviation }: Spread, least: number): string {
  if (mean < least) return '**no**';
  return mean - deviation >= least ? 'yes' : 'in the mean, within the spread';
}

function claimsSection(results: Results, networks: readonly Compared[]): string {
  const [em, learned, fixed] = (['em', 'backpropagation', 'fixed'] as const).map((rule) =>
    find(networks, 'tied', rule),
  );
  const untied = find(networks, 'untied', 'em');
  const rows: string[][] = [];
  const claim = (what: string, paper: string, found: Spread | undefined, least: number): void => {
    if (found) rows.push([what, paper, `${signed(found)} dB`, verdict(found, least)]);
  };
  claim('λ by EM ahead of the bias by backpropagation, tied', '+0.3 dB', lead(em, learned), 0);
  claim('the bias by backpropagation ahead of λ fixed, tied', '+0.2 dB', lead(learned, fixed), 0);
  claim('untied ahead of tied by 0.6 dB, λ by EM', '+0.9 dB', lead(untied, em), 0.6);
  claim(
    'untied, λ by EM, ahead of untied, bias by backpropagation',
    '+0.3 dB',
    lead(untied, find(networks, 'untied', 'backpropagation')),
    0,
  );
  const fromNoise = find(networks, 'untied', 'em', 'noise');
  claim(
    'untied ahead of tied by 0.6 dB, λ by EM, filters from noise',
    '+0.9 dB',
    lead(fromNoise, find(networks, 'tied', 'em', 'noise')),
    0.6,
  );
  const bm3d = results.peers?.find(({ method }) => method === 'bm3d');
  for (const [name, network] of [
    ['untied', untied],
    ['untied, filters from noise,', fromNoise],
  ] as const) {
    if (!bm3d || !network) continue;
    const gap = { ...network.psnr, mean: network.psnr.mean - scoreOf(bm3d).psnr.mean };
    claim(`${name} within 1.5 dB of BM3D`, '–', gap, -1.5);
  }
  return rows.length === 0
    ? ''
    : `## What was to be shown\n\n${table(['claim', 'the paper', 'here', 'holds'], rows)}`;
}

function networksSection(networks: readonly Compared[], picture: Draw): string {
  if (networks.length === 0) return '';
  const rows = networks.map(({ variant, runs, psnr }) => {
    const weights = runs[0]!.weights;
    return [
      variant.name,
      runs[0]!.parameters,
      withSpread(psnr),
      variant.stored === undefined ? '–' : decibels(variant.stored),
      `${(100 * runs[0]!.density).toFixed(0)} %`,
      `${Math.min(...weights).toFixed(3)} to ${Math.max(...weights).toFixed(3)}`,
      runs.map(({ curve }) => signed({ mean: gainedLast(curve), deviation: 0 })).join(', '),
      seconds(runs.reduce((sum, run) => sum + run.seconds.training, 0) / runs.length),
    ];
  });
  return [
    '## The networks',
    table(
      [
        'network',
        'parameters',
        'PSNR (dB)',
        'stored by the authors (dB)',
        'codes not 0',
        'weights σ²λ',
        'last quarter of training (dB)',
        'training, wall clock',
      ],
      rows,
    ),
    'What the authors store is of nine other pictures, after 200 to 300 epochs of 5717 photographs: its order can be compared, its height cannot. ' +
      'Codes and weights are of the first seed. The last quarter of training is what PSNR still gained in it, seed by seed, on the middles of the test ' +
      'pictures: how far the networks are from where they would come to rest.',
    picture('curves.svg', 'PSNR and error against updates', curvesFigure(networks)),
    ...networks
      .filter(({ variant }) => variant.rule === 'em')
      .map(({ variant, runs: [run] }) => {
        const caption = `The ${variant.weights === 'tied' ? 'atoms' : 'decoder’s atoms'} of “${variant.name}”, first seed, the most used first:`;
        return `${caption}\n\n${picture(`atoms-${variant.weights}${variant.start ? `-${variant.start}` : ''}.png`, `Atoms, ${variant.weights}`, atomsFigure(run!))}`;
      }),
  ].join('\n\n');
}

function peersSection({ tests, peers, networks: runs }: Results, networks: readonly Compared[]): string {
  const names = tests.scores.map(({ name }) => name);
  const ofNoise = scoreSet(tests.scores);
  const ours = networks.map(({ variant, runs, psnr }) => ({
    name: variant.name,
    parameters: String(runs[0]!.parameters),
    psnr: psnr.mean,
    pictures: names.map((name) => {
      const values = runs.map(({ scores }) => scores.find((score) => score.name === name)!.psnr);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    }),
  }));
  const theirs = (peers ?? []).map((peer) => {
    const score = scoreOf(peer);
    return {
      name: titles[peer.method],
      parameters: peer.parameters === undefined ? '–' : String(peer.parameters),
      psnr: score.psnr.mean,
      pictures: names.map((name) => score.pictures[name]!.mean),
    };
  });
  const noisy = {
    name: 'noisy',
    parameters: '–',
    psnr: ofNoise.psnr.mean,
    pictures: names.map((name) => ofNoise.pictures[name]!.mean),
  };
  const rows = [...[...ours, ...theirs].sort((a, b) => b.psnr - a.psnr), noisy].map((row) => [
    row.name,
    row.parameters,
    decibels(row.psnr),
    ...row.pictures.map(decibels),
  ]);
  const times = (peers ?? []).map(({ method, version, settings, seconds: spent }) => [
    titles[method],
    version,
    settings,
    seconds(spent.learning),
    seconds(spent.denoising),
  ]);
  if (runs && runs.length > 0)
    times.unshift([
      'CRsAE',
      'this repository',
      'one thread of two',
      seconds(mean(runs.map((run) => run.seconds.training))),
      seconds(mean(runs.map((run) => run.seconds.testing))),
    ]);
  return [
    '## Beside others, on the same noisy pictures',
    table(['denoiser', 'parameters', 'PSNR (dB)', ...names], rows),
    ...(times.length > 0
      ? [table(['denoiser', 'version', 'settings', 'learning', 'denoising all pictures'], times)]
      : []),
    ...(peers ? [] : ['The peers were not run: they need `--python`.']),
  ].join('\n\n');
}

function picturesSection(results: Results, networks: readonly Compared[], picture: Draw): string {
  if (networks.length === 0) return '';
  const shown = [0, 2, 4].filter((index) => index < results.tests.scores.length);
  return [
    '## Side by side',
    'Parts; the PSNR above each is that of all that was tested on.',
    picture('pictures.png', 'Parts of test pictures, denoised', picturesFigure(results, networks, shown)),
  ].join('\n\n');
}

function methodSection(
  { plan: { recipe, fromNoise, seeds, peerSeconds } }: Results,
  networks: readonly Compared[],
): string {
  const other = { ...recipe, ...fromNoise };
  const lowered = networks.flatMap(({ variant, runs }) => {
    const steps = runs.map(({ step }) => step);
    return Math.min(...steps) < (variant.start ? other : recipe).step * 0.999
      ? [`${variant.name} to ${Math.min(...steps).toFixed(3)}`]
      : [];
  });
  const training = ({ steps, rate, batch, crop, shifts }: Recipe): string =>
    `${steps} updates of Adam, ε = 1e-8, at a rate of ${rate} that falls by half a cosine to a twentieth; each on ${batch === 1 ? 'a random crop' : `${batch} random crops`} of ${crop} pixels, turned over at random, under new noise, averaged over ${shifts === 1 ? 'one random shift' : `${shifts} random shifts`}`;
  return [
    '## How',
    [
      `- ${recipe.atoms} filters ${recipe.side} × ${recipe.side} with stride ${recipe.stride}, ${recipe.layers} layers of two-sided FISTA with steps of ${recipe.step}. Filters begin as the lowest ${recipe.atoms} cosines under a little noise, which tells seeds apart, and keep unit norm; every weight σ²λ begins at ${recipe.weight}.`,
      `- ${training(recipe)}. The target is the clean crop. Tests average over all ${recipe.stride ** 2} shifts.`,
      `- “From noise”, as in the paper: filters of ${other.side} × ${other.side} with stride ${other.stride} begin as random normal ones of unit norm and their norms are free; ${other.layers} layers, steps of ${other.step}, weights from ${other.weight}; ${training(other)}.`,
      '- λ by EM: the M-step in closed form on the codes of every batch, smoothed by 0.9, under a Gamma prior of the weight of three crops about the first λ. By backpropagation: the weights descend with the filters. All rules have the same first weight, rate and number of updates.',
      `- The step is guarded: whenever it has become larger than FISTA allows, it is lowered${lowered.length > 0 ? ` (${lowered.join('; ')})` : ''}.`,
      `- ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}. Rate, first weight and layers were chosen among about ten settings with the results of the first seed on these test pictures in view. The first weight matters. In short trainings of the first seed (900 updates) from 0.12, untied is 0.4 dB ahead of tied, and λ by EM is 0.1 dB ahead of backpropagation tied and as much behind untied; from 0.157 it is 1.0 dB, 0.2 dB behind and 0.2 dB ahead.`,
      `- Peers that learn were given ${peerSeconds} s of processors’ time, twice what a network here takes or more, and the same training pictures. An update of the CNN costs tens of ours: the time ends it early. Wall clocks are of a machine that may have had other work.`,
    ].join('\n'),
  ].join('\n\n');
}
