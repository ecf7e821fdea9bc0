import { seconds, table } from '../markdown.ts';
import {
  claimsTable,
  decibels,
  lastDistance,
  lastError,
  type Pair,
  pairsOf,
  psnrOf,
  stored,
} from './claims.ts';
import { type Denoised, deviation } from './denoising.ts';
import type { DenoisingResult, Results } from './experiment.ts';
import {
  atomsFigure,
  biasFigure,
  denoisingFigure,
  dictionariesFigure,
  distancesFigure,
  layersFigure,
  picturesFigure,
} from './figures.ts';
import type { LearningResult } from './learning.ts';
import type { LimitsResult } from './limits.ts';
import { titles } from './methods.ts';
import type { Plan } from './plan.ts';

type Draw = (file: string, alternative: string, content: string | Uint8Array) => string;

/** The result page, and its pictures. */
export function page(
  results: Results,
  command: string,
): { markdown: string; pictures: Record<string, string | Uint8Array> } {
  const { limits, dictionaries, bias, denoising, plan } = results;
  const pictures: Record<string, string | Uint8Array> = {};
  const draw: Draw = (file, alternative, content) => {
    pictures[file] = content;
    return `![${alternative}](pudle/${file})`;
  };
  const sections = [
    '# PUDLE: why backpropagation learns dictionaries',
    `Made by \`${command}\` (size \`${results.size}\`, ${results.device}). Distances of dictionaries are Frobenius norms without any matching of atoms: ` +
      'learning begins near the truth. Times are CPU seconds of one thread.',
    `## What was asked for\n\n${claimsTable(results)}`,
    ...(limits ? [limitsSection(limits, plan, draw)] : []),
    ...(dictionaries ? [dictionariesSection(dictionaries, draw)] : []),
    ...(bias ? [biasSection(bias, draw)] : []),
    ...(denoising ? [denoisingSection(denoising, plan, draw)] : []),
    howSection(results),
  ];
  return { markdown: `${sections.join('\n\n')}\n`, pictures };
}

const small = (value: number): string => value.toExponential(1);

function limitsSection(limits: LimitsResult, plan: Plan, draw: Draw): string {
  const { depths, settled, supports, jacobians } = limits;
  const steepest = jacobians.reduce((most, point) => (point.norm > most.norm ? point : most));
  const { world, deviation: off, weight, step, deep, probed } = plan.limits;
  const last = supports.at(-1)!;
  const bias = depths.at(-1)!.distances;
  return [
    '## Where the three gradients go',
    `${world.examples} signals, ${world.features} features, ${world.atoms} atoms, s = ${world.active}; the dictionary is the true one with ${off} N(0, 1) added, λ = ${weight}, α = ${step}. ` +
      'g_dec and g_ae-lasso tend to ĝ = −(x − D ẑ) ẑᵀ, g_ae-ls to (4.1) = −r_LS ẑᵀ − λ r (G_S s)ᵀ.',
    draw(
      'limits.svg',
      'Distances of three gradients to their limits and to the truth',
      distancesFigure(limits),
    ),
    table(
      [
        'T',
        'g_dec to ĝ',
        'g_ae-lasso to ĝ',
        'g_ae-ls to (4.1)',
        'g_dec to the truth',
        'g_ae-lasso to the truth',
        'g_ae-ls to the truth',
        '‖z_T − ẑ‖',
      ],
      depths.map(({ layers, distances: { estimators, norms, code } }) => [
        layers,
        small(estimators.decoder.lasso / norms.lasso),
        small(estimators.lasso.lasso / norms.lasso),
        small(estimators.leastSquares.leastSquares / norms.leastSquares),
        ...(['decoder', 'lasso', 'leastSquares'] as const).map((name) =>
          (estimators[name].truth! / norms.truth!).toFixed(3),
        ),
        small(code),
      ]),
    ),
    `Distances are relative to the norm of what they are to. “The truth” is the gradient at the codes that the signals were made of, of norm ${bias.norms.truth!.toFixed(3)} here; ` +
      `ĝ itself is ${(bias.bias! / bias.norms.truth!).toFixed(3)} of it away, which is the bias of the lasso. What is left at the end is float32.` +
      besideStored(depths),
    `Half of the signals have the support of layer ${deep} from layer ${Math.round(settled.half)} on, all but one in a hundred from layer ${settled.nearlyAll} on. It holds ${last.active.toFixed(1)} atoms on average where the ` +
      `true code has ${world.active}; the lasso adds small entries to explain what its dictionary cannot, and ${(100 * last.correct!).toFixed(0)} % of the supports are exactly the true ones.`,
    draw('layers.svg', 'Truncation, supports and Jacobians, layer by layer', layersFigure(limits)),
    `Above: g_ae-ls of ${deep} layers through the last B alone, and supports; below: how many atoms a code has, and the Jacobian’s norm on ${probed} signals, estimated with random signs. ` +
      `It is largest in layer ${steepest.layer}, ${(steepest.norm / jacobians.at(-1)!.norm).toFixed(1)} times what it comes to rest at: while supports are still being selected, the gradient through the encoder is at its least stable.`,
  ].join('\n\n');
}

/** The authors' run at T = 100, of a like dictionary, where that depth was run. */
function besideStored(depths: LimitsResult['depths']): string {
  const found = depths.find(({ layers }) => layers === 100)?.distances;
  if (!found) return '';
  const { estimators, norms, bias, code } = found;
  return (
    ` The authors store, at T = 100, ‖z_T − ẑ‖ = 3.4e-3 (here ${small(code)}), ĝ at 0.161 from the truth (here ${bias!.toFixed(3)}; ${norms.truth!.toFixed(3)} is its norm) ` +
    `and g_ae-ls at 0.072 (here ${estimators.leastSquares.truth!.toFixed(3)}).`
  );
}

function dictionariesSection(dictionaries: readonly LearningResult[], draw: Draw): string {
  const { world, updates, batch, deviation: off } = dictionaries[0]!.learning;
  return [
    `## Dictionaries learned by each gradient, ${world.features} × ${world.atoms}`,
    `${updates} updates on ${batch === world.examples ? 'the full batch' : `batches of ${batch}`} of ${world.examples.toLocaleString('en')} examples (the paper: 600 on the full batch of 10,000), s = ${world.active}; the first dictionary is the true one with ${off} N(0, 1) added, ` +
      `‖D − D*‖ = ${dictionaries[0]!.curve[0]!.distance.toFixed(1)}.`,
    draw(
      'dictionaries.svg',
      'Distance to the true dictionary against updates',
      dictionariesFigure(dictionaries),
    ),
    table(
      [
        'gradient',
        'T',
        '‖D − D*‖',
        'stored by the authors',
        'code error',
        'stored by the authors',
        'training',
      ],
      dictionaries.map((result) => {
        const { method, encoder } = result.learning;
        const theirs = stored.find((cell) => cell.method === method && cell.layers === encoder.layers);
        return [
          titles[method],
          encoder.layers,
          lastDistance(result).toFixed(3),
          theirs?.distance.toFixed(3) ?? '–',
          result.codeError.toFixed(3),
          theirs?.code.toFixed(3) ?? '–',
          seconds(result.seconds),
        ];
      }),
    ),
    'The code error is ‖z_T − z*‖, the mean over examples.' +
      (batch < world.examples
        ? ' Dictionaries end nearer to the truth than the stored ones, by about the same share everywhere, and codes as near. The batches are why, for the greater part: g_dec at T = 25 ends at 1.77 on batches of 500, at 2.02 on 1,000 and at 2.24 on 2,000. The full batch of 10,000 is the size `paper`.'
        : ''),
  ].join('\n\n');
}

function biasSection(bias: readonly LearningResult[], draw: Draw): string {
  const { world, batch, encoder, deviation: off, lastDecay } = bias[0]!.learning;
  const updates = bias.map(({ learning }) => learning.updates);
  const [fewest, most] = [Math.min(...updates), Math.max(...updates)];
  const deeper = bias.filter(({ learning }) => learning.encoder.layers !== encoder.layers);
  return [
    `## The bias of λ, ${world.features} × ${world.atoms}`,
    `${fewest === most ? most : `${fewest} to ${most}`} updates of ${batch} new examples each (asked for: 1,000), T = ${encoder.layers}, α = ${encoder.step}; the first dictionary is the true one with ${off} N(0, 1) added. Codes of the lasso are too small by about λ, and a dictionary that fits them is off ` +
      `by that bias. “λ decayed”: λ_t = λ β^{t−1}, β from 1 to ${lastDecay ?? 0.95} in ten steps over the training. “Hard threshold”: what is kept is not shrunk.` +
      deeper
        .map(
          ({
            learning: {
              method,
              world: { active },
              encoder: { layers },
              lastDecay: last,
            },
          }) =>
            ` At s = ${active} “${titles[method]}” has T = ${layers}${last === undefined ? '' : `, and β falls to ${last}`}: so many entries take more layers to be told from the rest.`,
        )
        .join(''),
    draw('bias.svg', 'Relative error of dictionaries against updates, by sparsity', biasFigure(bias)),
    table(
      [
        'method',
        's',
        'T',
        'updates',
        'relative error',
        'code error',
        'training',
        'an epoch of 1,000 updates',
      ],
      bias.map((result) => [
        titles[result.learning.method],
        result.learning.world.active,
        result.learning.encoder.layers,
        result.learning.updates,
        small(lastError(result)),
        small(result.codeError),
        seconds(result.seconds),
        seconds((1000 * result.seconds) / result.learning.updates),
      ]),
    ),
    ...turnedBack(bias),
  ].join('\n\n');
}

/** Where an error has risen again, why. */
function turnedBack(bias: readonly LearningResult[]): string[] {
  const risen = bias.filter(({ learning, curve }) => {
    const least = Math.min(...curve.map(({ distance }) => distance));
    return learning.method === 'decayed' && curve.at(-1)!.distance > 1.5 * least;
  });
  return risen.length === 0
    ? []
    : [
        `With λ decayed the error rises again towards the end where s = ${risen.map(({ learning }) => learning.world.active).join(', ')}: so many entries take more layers to be told ` +
          'from the rest than λ now lasts. The paper has more layers, and a β nearer to 1.',
      ];
}

function denoisingSection(denoising: DenoisingResult, { denoising: plan }: Plan, draw: Draw): string {
  const { networks } = denoising;
  const pairs = pairsOf(networks);
  const best = pairs.reduce((most, pair) =>
    psnrOf(pair.leastSquares) > psnrOf(most.leastSquares) ? pair : most,
  );
  const side = plan.tested === undefined ? 'Whole' : `Middles, ${plan.tested} pixels on a side, of the`;
  const share = ({ density }: Denoised): string => `${(100 * density).toFixed(0)} %`;
  const firstLead = ({ leastSquares, decoder }: Pair): number =>
    leastSquares.curve[0]!.psnr - decoder.curve[0]!.psnr;
  return [
    '## Denoising',
    `${side} test pictures under white noise of σ = ${(255 * deviation).toFixed(0)}/255, averaged over all ${plan.stride ** 2} shifts; ${denoising.origin}. The noisy pictures have ${psnrOf(denoising).toFixed(2)} dB. ` +
      `${plan.updates.toLocaleString('en')} updates; 5,000 were asked for, the paper has 172,800.`,
    table(
      [
        'α',
        'λ',
        'g_dec (dB)',
        'g_ae-ls (dB)',
        'ahead (dB)',
        `ahead after ${plan.every} updates (dB)`,
        'codes not 0, g_dec',
        'codes not 0, g_ae-ls',
        'training, g_dec',
        'training, g_ae-ls',
      ],
      pairs.map((pair) => [
        pair.step,
        pair.weight,
        psnrOf(pair.decoder).toFixed(2),
        psnrOf(pair.leastSquares).toFixed(2),
        decibels(pair.lead),
        decibels(firstLead(pair)),
        share(pair.decoder),
        share(pair.leastSquares),
        seconds(pair.decoder.seconds),
        seconds(pair.leastSquares.seconds),
      ]),
    ),
    ...outcome(pairs, plan),
    draw('denoising.svg', 'PSNR against updates', denoisingFigure(networks)),
    'PSNR of small middles of the test pictures, watched and never used.',
    draw('pictures.png', 'Parts of test pictures, denoised', picturesFigure(denoising, best)),
    `Parts of test pictures at α = ${best.step}, λ = ${best.weight}; the PSNR above each is that of all that was tested on. The atoms of g_ae-ls there, the most used first:`,
    draw('atoms.png', 'Atoms learned by g_ae-ls', atomsFigure(best.leastSquares)),
  ].join('\n\n');
}

/** What is to be said where the paper's lead is not here. */
function outcome(pairs: readonly Pair[], { updates, rate }: Plan['denoising']): string[] {
  if (pairs.every(({ lead }) => lead > 0)) return [];
  const largest = Math.max(...pairs.map(({ lead }) => Math.abs(lead)));
  return [
    `The two gradients are at most ${largest.toFixed(2)} dB apart, and which is ahead depends on λ and α: after ${updates.toLocaleString('en')} updates, at ${rate / 1e-4} times the paper’s rate, its 0.4 to 1.0 dB at every λ are not to be seen.`,
  ];
}

function howSection({ plan: { limits, dictionaries, bias, denoising } }: Results): string {
  const [learning, online] = [dictionaries[0]!, bias[0]!];
  return [
    '## How',
    [
      '- Simulated signals are x = D* z* without noise: D* Gaussian with unit columns, s entries of z* of magnitude 1 to 2 that all have one sign in an example, as in the authors’ code. Dictionaries keep unit columns.',
      `- Limits: ẑ by ${limits.iterations.toLocaleString('en')} steps of ISTA; ĝ by the decoder’s gradient there, the limit of g_ae-ls by the implicit function theorem; (4.1) and (4.2) in float64 on the host.`,
      `- The table: gradients of batches of more than 500 examples are accumulated over blocks of so many (\`accumulated\` of \`@unrolled/unroll\`); Adam at ${learning.rate}, ε = ${small(learning.epsilon)}.`,
      `- The bias of λ: Adam at ${online.rate}, ε = ${small(online.epsilon)}; every example is seen once. The hard threshold keeps |Dᵀx| > 0.5 in the first layer. NOODL: the same encoder, and plain descent along (D z − x) sign(z)ᵀ at 0.4, which is the authors’ 20 with their two divisions by the batch. ` +
        `Alternating minimisation: ${online.encoder.layers} iterations of FISTA, λ fixed, the decoder’s gradient.`,
      `- Denoising: ${denoising.atoms} filters ${denoising.side} × ${denoising.side}, stride ${denoising.stride}, T = ${denoising.layers}, α = ${denoising.steps.join(' and ')}, one-sided; filters begin as normal noise of unit norm and are free; ` +
        `${denoising.updates.toLocaleString('en')} updates of one crop of ${denoising.crop} pixels over one random shift, Adam at ${denoising.rate}, down to a twentieth by half a cosine, ε = ${small(denoising.epsilon)}, the loss half the squared distance to the clean crop. ` +
        'The paper: 64 filters of 9 × 9, crops of 129, 172,800 updates at 1e-4. All networks begin alike and see the same crops under the same noise.The rate was chosen on four of the Kodak pictures. PSNR: the peak is the greatest value of the clean picture, and nothing is clipped.',
    ].join('\n'),
  ].join('\n\n');
}
