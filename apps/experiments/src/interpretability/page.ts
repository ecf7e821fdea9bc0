import { percent, seconds, table } from '../markdown.ts';
import type { StoredPicture } from '../pictures/comparison-sheet.ts';
import type { Results } from './experiment.ts';
import { distanceFigure, likenessFigure } from './figures.ts';
import type { Likeness } from './likeness.ts';

/** What the relations are asked to hold to, relative. */
const exact = 1e-5;

/** The result page, and its pictures. */
export function page(
  results: Results,
  command: string,
): { markdown: string; pictures: Record<string, string | Uint8Array> } {
  const pictures: Record<string, string | Uint8Array> = {};
  const picture = (file: string, alternative: string, content: string | Uint8Array): string => {
    pictures[file] = content;
    return `![${alternative}](interpretability/${file})`;
  };
  const { examples, learning } = results.plan;
  const sections = [
    '# What a dictionary is made of',
    `Made by \`${command}\` (size \`${results.size}\`, ${results.device}). ${count(examples.train)} training and ${count(examples.test)} test digits: ` +
      `${results.origin}. ${learning.atoms} atoms, ${learning.layers} layers. Labels are used to count likeness and for nothing else. Distances are relative, ` +
      '‖a − b‖ / ‖b‖.',
    claimsSection(results),
    relationsSection(results, picture),
    ...sheetSections(results, picture),
    ...likenessSection(results, picture),
    methodSection(results),
  ];
  return { markdown: `${sections.join('\n\n')}\n`, pictures };
}

type Draw = (file: string, alternative: string, content: string | Uint8Array) => string;

const small = (value: number): string =>
  value.toExponential(1).replace('e-', ' · 10⁻').replace(/\d+$/, raised);
const raised = (digits: string): string => digits.replaceAll(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!);
const count = (value: number): string => value.toLocaleString('en');

function claimsSection({ learned, identities, likeness }: Results): string {
  const rows: string[][] = [];
  const claim = (asked: string, measured: string, reached: boolean): void => {
    rows.push([asked, measured, reached ? 'yes' : '**no**']);
  };
  claim('D = X G Zᵀ at the ridge point, to 10⁻⁵', small(learned.held), learned.held <= exact);
  if (identities) {
    const { atoms, reconstructions } = identities;
    claim('… atom by atom', `${small(atoms.most)} at most`, atoms.most <= exact);
    claim(
      'x̂ = X β of new digits, to 10⁻⁵',
      `${small(reconstructions.median)} in the median, ${small(reconstructions.most)} at most`,
      reconstructions.most <= exact,
    );
  }
  claim(
    'D = X G Zᵀ with codes computed anew, to 10⁻⁵: not asked for',
    `${small(learned.distances[0]!)} after training, ${small(learned.distances.at(-1)!)} after ${learned.distances.length - 1} rounds`,
    learned.distances.at(-1)! <= exact,
  );
  const codes = likeness?.find(({ by }) => by === 'codes, cosine')?.neighbours[0];
  const pixels = likeness?.filter(({ by }) => by.startsWith('pixels')).map(sameOfFirst);
  if (codes && pixels)
    claim(
      'the most alike in code is more often the same digit than the nearest in pixels',
      `${percent(codes.same)}; in pixels ${pixels.map((same) => percent(same)).join(' by cosine, ')} by distance`,
      codes.same > Math.max(...pixels),
    );
  return `## What was asked for\n\n${table(['asked for', 'measured', 'reached'], rows)}`;
}

/** Of a share of so many. */
const standardError = (share: number, of: number): number => Math.sqrt((share * (1 - share)) / of);

const sameOfFirst = ({ neighbours }: Likeness): number => neighbours[0]!.same;

function relationsSection({ learned, identities }: Results, picture: Draw): string {
  const { gradients, steps, gradient } = learned.ridgePoint;
  return [
    '## Two relations',
    'Where Σ ½‖x_i − D z_i‖² + (ρ/2)‖D‖² is stationary in D for its codes Z, D = X G Zᵀ with G = (Zᵀ Z + ρ I)⁻¹: atom j is the sum of the training digits ' +
      'with the weights G w_j, and a reconstruction D z the sum with the weights β = G Zᵀ z. The network’s atoms were brought to that point by ' +
      `backpropagation alone, its codes held (${gradients} gradients, ${steps} steps of conjugate gradients between them, until the gradient was ` +
      `${small(gradient)} of its first size). What they are compared with is computed from codes and training digits in float64.`,
    ...(identities
      ? [
          table(
            ['relation', 'median', 'at most'],
            [
              [
                'an atom, and its sum of training digits',
                small(identities.atoms.median),
                small(identities.atoms.most),
              ],
              [
                'the reconstruction of a test digit, and its sum of training digits',
                small(identities.reconstructions.median),
                small(identities.reconstructions.most),
              ],
            ],
          ),
          `Half of an atom’s weights, by magnitude, are those of ${identities.half.atom} training digits, half of a reconstruction’s those of ` +
            `${identities.half.reconstruction}: medians. A code uses ${percent(identities.density, 0)} of the atoms, ${identities.unused === 0 ? 'all' : `all but ${identities.unused}`} of which are used; ` +
            `reconstructions of test digits are off by ${percent(identities.error, 0)} of their norm.`,
        ]
      : []),
    'The relation is exact for the codes that the atoms were made for. Atoms that have moved have other codes, and with those it holds as far as learning has ' +
      'converged: after training, and then in rounds of codes of all training digits and the ridge’s best atoms for them. That converges slowly.',
    picture(
      'distances.svg',
      'The distance of D from X G Zᵀ with codes computed anew, round by round',
      distanceFigure(learned.distances),
    ),
  ].join('\n\n');
}

function sheetSections({ sheets, origin }: Results, picture: Draw): string[] {
  if (!sheets) return [];
  const png = (stored: StoredPicture): Uint8Array => new Uint8Array(Buffer.from(stored, 'base64'));
  const section = (
    title: string,
    text: string,
    file: string,
    alternative: string,
    stored: StoredPicture,
  ): string => [`## ${title}`, text, picture(file, alternative, png(stored))].join('\n\n');
  return [
    section(
      'Atoms as sums of training digits',
      `The atoms that are used most, zero in grey, each before the training digits with the greatest weights G w_j. Digits in all sheets: ${origin}${origin.includes('BY-SA') ? ', and so are the sheets' : ''}.`,
      'atoms.png',
      'Atoms, and the training digits with the greatest weights',
      sheets.atoms,
    ),
    section(
      'Reconstructions as interpolations',
      'Test digits, what the network makes of them, and the training digits with the greatest weights β.',
      'reconstructions.png',
      'Test digits, reconstructions, and training digits',
      sheets.reconstructions,
    ),
    section(
      'Alike in code',
      'Test digits, and the training digits whose codes are most like theirs, by the cosine of their angle.',
      'alike.png',
      'Test digits, and the training digits most alike in code',
      sheets.alike,
    ),
    section(
      'Saliency',
      'Test digits, the atoms with the greatest part in their codes, and ∂z_k/∂x: what every pixel does to that part, through all layers.',
      'saliency.png',
      'Atoms of test digits, and what every pixel does to them',
      sheets.saliency,
    ),
  ];
}

function likenessSection({ likeness, plan }: Results, picture: Draw): string[] {
  if (!likeness) return [];
  return [
    [
      '## The same digit',
      `Of ${count(plan.examples.test)} test digits, how many of the most alike among ${count(plan.examples.train)} training digits are the same digit, and how ` +
        'many a vote of them gets right. The standard error of a share is about ' +
        `${percent(standardError(sameOfFirst(likeness[0]!), plan.examples.test))}.`,
      table(
        [
          'most alike by',
          ...plan.neighbours.flatMap((most) =>
            most === 1 ? ['the first'] : [`of the first ${most}`, `vote of ${most}`],
          ),
        ],
        likeness.map(({ by, neighbours }) => [
          by,
          ...neighbours.flatMap(({ count: most, same, voted }) =>
            most === 1 ? [percent(same)] : [percent(same), percent(voted)],
          ),
        ]),
      ),
      picture('likeness.svg', 'How often the most alike is the same digit', likenessFigure(likeness)),
    ].join('\n\n'),
  ];
}

function methodSection({ plan: { learning, examples }, learned }: Results): string {
  const { atoms, layers, weight, ridge, epochs, batchSize, rate, rounds } = learning;
  return [
    '## How',
    [
      `- ${atoms} atoms of free norm that begin as training digits; ${layers} layers of one-sided ISTA, λ = ${weight}; ρ = ${ridge} for every training digit, ${ridge * examples.train} in all.`,
      `- ${epochs} epochs of batches of ${batchSize}: the lasso’s loss with the ridge, backpropagated through all layers, Adam at ${rate}; the loss falls from ${learned.losses[0]!.toFixed(2)} to ${learned.losses.at(-1)!.toFixed(2)}. Then ${rounds} rounds, and the ridge point of the last codes. ${seconds(learned.seconds)} of a processor.`,
      '- Digits are taken in the order of the files, unchanged, pixels 0 … 1. The most used atoms have the greatest sum of codes; shown is the first test digit of every label.',
      '- Pictures of digits are shown as they are; atoms and saliency with zero in grey and the greatest magnitude black or white.',
    ].join('\n'),
  ].join('\n\n');
}
