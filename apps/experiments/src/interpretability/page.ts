import { percent, seconds, table } from '../markdown.ts';
import type { StoredPicture } from '../pictures/comparison-sheet.ts';
import type { Results } from './experiment.ts';
import { distanceFigure } from './figures.ts';

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
    `Made by \`${command}\` (size \`${results.size}\`, ${results.device}). ${examples.train.toLocaleString('en')} training and ` +
      `${examples.test.toLocaleString('en')} test digits, ${results.origin}; ${learning.atoms} atoms, ${learning.layers} layers. ` +
      'No label is seen before likeness is counted. Distances are relative, ‖a − b‖ / ‖b‖.',
    claimsSection(results),
    relationsSection(results, picture),
    ...sheetSections(results, picture),
    ...likenessSection(results),
    methodSection(results),
  ];
  return { markdown: `${sections.filter((section) => section !== '').join('\n\n')}\n`, pictures };
}

type Draw = (file: string, alternative: string, content: string | Uint8Array) => string;

const small = (value: number): string => value.toExponential(1);

function claimsSection({ learned, identities, likeness }: Results): string {
  const rows: string[][] = [];
  const claim = (asked: string, measured: string, reached: boolean): void => {
    rows.push([asked, measured, reached ? 'yes' : '**no**']);
  };
  claim('D = X G Zᵀ at the ridge point, 1e-5', small(learned.held), learned.held <= exact);
  if (identities) {
    const { reconstructions } = identities;
    claim(
      'x̂ = X β of new digits, 1e-5',
      `${small(reconstructions.median)} in the median, ${small(reconstructions.most)} at most`,
      reconstructions.most <= exact,
    );
  }
  claim(
    'the same with codes computed anew (not asked for)',
    `${small(learned.distances[0]!)} after training, ${small(learned.distances.at(-1)!)} after ${learned.distances.length - 1} rounds`,
    learned.distances.at(-1)! <= exact,
  );
  if (likeness) {
    const [codes, , , pixels] = likeness.map(({ neighbours }) => neighbours[0]!.same);
    claim(
      'the example most alike in code is the same digit, without labels',
      `${percent(codes!)}; nearest in pixels ${percent(pixels!)}`,
      codes! >= pixels!,
    );
  }
  return `## What was asked for\n\n${table(['asked for', 'measured', 'reached'], rows)}`;
}

function relationsSection({ learned, identities, plan: { learning } }: Results, picture: Draw): string {
  return [
    '## Two relations',
    ...(identities
      ? [
          table(
            ['relation', 'median', 'at most'],
            [
              ['D and X G Zᵀ, the whole', small(identities.dictionary), ''],
              [
                'an atom and its sum of training digits',
                small(identities.atoms.median),
                small(identities.atoms.most),
              ],
              [
                'the reconstruction of a test digit and its sum of training digits',
                small(identities.reconstructions.median),
                small(identities.reconstructions.most),
              ],
            ],
          ),
        ]
      : []),
    `Codes held, the atoms descend along the gradient of backpropagation until that has fallen to ${small(learned.ridgePoint.gradient)} of its first size ` +
      `(${learned.ridgePoint.gradients} gradients, ${learned.ridgePoint.steps} steps of conjugate gradients between them).`,
    picture(
      'distances.svg',
      'The distance of D from X G Zᵀ, round by round',
      distanceFigure(learned.distances),
    ),
    `Training: ${learning.epochs} epochs, ${seconds(learned.seconds)} with the rounds.`,
  ].join('\n\n');
}

function sheetSections({ sheets }: Results, picture: Draw): string[] {
  if (!sheets) return [];
  const png = (stored: StoredPicture): Uint8Array => new Uint8Array(Buffer.from(stored, 'base64'));
  return [
    `## Atoms as sums of training digits\n\n${picture('atoms.png', 'Atoms, and the training digits with the greatest weights', png(sheets.atoms))}`,
    `## Reconstructions as interpolations\n\n${picture('reconstructions.png', 'Test digits, reconstructions, and training digits', png(sheets.reconstructions))}`,
    `## Alike in code\n\n${picture('alike.png', 'Test digits, and the training digits most alike in code', png(sheets.alike))}`,
    `## Saliency\n\n${picture('saliency.png', 'Atoms of test digits, and what every pixel does to them', png(sheets.saliency))}`,
  ];
}

function likenessSection({ likeness }: Results): string[] {
  if (!likeness) return [];
  const counts = likeness[0]!.neighbours.map(({ count }) => count);
  return [
    '## The same digit',
    table(
      ['most alike by', ...counts.flatMap((count) => [`same digit, of ${count}`, `vote of ${count}`])],
      likeness.map(({ by, neighbours }) => [
        by,
        ...neighbours.flatMap(({ same, voted }) => [percent(same), percent(voted)]),
      ]),
    ),
  ];
}

function methodSection({ plan: { learning } }: Results): string {
  return `## How\n\n- ${learning.atoms} atoms, λ = ${learning.weight}.`;
}
