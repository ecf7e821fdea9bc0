import { percent, table } from '../markdown.ts';
import { at, of, overtakes, reaches, timeOf, timeRatios } from './claims.ts';
import { cloudFigure, errorFigure, psnrFigure, separationSheet, titles } from './figures.ts';
import { type Method, methods } from './methods.ts';
import type { PartResult } from './part.ts';
import { type PartName, partNames } from './part-names.ts';
import type { PeerResult } from './peers.ts';

/** Everything that was measured; parts that were not run are missing. */
export interface Results {
  readonly size: string;
  readonly device: string;
  readonly origin: string;
  readonly fashion?: PartResult;
  readonly natural?: PartResult;
  readonly mixtures?: PartResult;
  readonly large?: PartResult;
  readonly three?: PartResult;
  readonly peers?: PeerResult;
}

const nameOf: { readonly [N in PartName]: string } = {
  fashion: 'Fashion-MNIST, 10 × 10',
  natural: 'natural patches, 16 × 16',
  mixtures: 'digits on photographs, 16 × 16',
  large: 'digits on photographs, 32 × 32',
  three: 'digits, photographs and clothes, 16 × 16',
};

const components = ['digits', 'photographs', 'clothes'];

/** The result page, and its pictures. */
export function page(
  results: Results,
  command: string,
): { markdown: string; pictures: Record<string, string | Uint8Array> } {
  const pictures: Record<string, string | Uint8Array> = {};
  const parts = partNames.flatMap((name) => {
    const part = results[name];
    return part ? [[name, part] as const] : [];
  });
  const picture = (file: string, alternative: string, content: string | Uint8Array): string => {
    pictures[file] = content;
    return `![${alternative}](lsalsa/${file})`;
  };
  const sections = [
    '# LSALSA: learned SALSA beside LISTA, SALSA and FISTA',
    `Made by \`${command}\` (size \`${results.size}\`, ${results.device}; ${results.origin}). The experiments of section 6 of Cowen, Saridena ` +
      'and Choromanska, *LSALSA: accelerated source separation via learned sparse coding*, Machine Learning 108 (2019). RMSE is over all ' +
      'entries of the codes of test signals that no method has seen, to the optimal codes x* at (α*, μ*).',
    claimsSection(results),
    ...parts.map(([name, part]) => partSection(name, part, picture)),
    curvatureSection(parts),
    ...(results.peers ? [peersSection(results.peers)] : []),
    methodSection(results, parts),
  ];
  return { markdown: `${sections.filter((section) => section !== '').join('\n\n')}\n`, pictures };
}

const small = (value: number | undefined): string => (value === undefined ? '–' : value.toPrecision(3));
const step = (value: number | undefined): string =>
  value === undefined ? 'none of those run' : String(value);
const verdict = (holds: boolean | undefined): string =>
  holds === undefined ? '–' : holds ? 'yes' : '**no**';

function claimsSection({ fashion, natural, mixtures, large }: Results): string {
  const rows: string[][] = [];
  const firstLayer = (
    name: string,
    part: PartResult | undefined,
    paper: string,
    fista: number,
    salsa: number,
  ): void => {
    if (!part) return;
    const rmse = at(part, 'lsalsa', 1)!.rmse;
    const found = { fista: reaches(part, 'fista', rmse), salsa: reaches(part, 'salsa', rmse) };
    const holds = (found.fista ?? Infinity) > fista && (found.salsa ?? Infinity) > salsa;
    rows.push([
      `${name}: to match LSALSA with 1 layer`,
      paper,
      `FISTA needs ${step(found.fista)}, SALSA ${step(found.salsa)} iterations`,
      verdict(holds),
    ]);
  };
  firstLayer('Fashion-MNIST', fashion, 'FISTA more than 15, SALSA more than 5', 15, 5);
  firstLayer('natural patches', natural, 'FISTA more than 50, SALSA more than 20 (on ASIRRA)', 50, 20);
  if (fashion)
    rows.push(
      lista(fashion, 'Fashion-MNIST', 'LISTA better than FISTA at first, hardly better after T = 10'),
    );
  if (natural) {
    const ratios = of(natural, 'lsalsa').map(
      ({ layers, rmse }) => [layers, at(natural, 'lista', layers)!.rmse / rmse] as const,
    );
    const early = ratios.filter(([layers]) => layers <= 5);
    const late = ratios.filter(([layers]) => layers > 5);
    rows.push([
      'natural patches: LISTA and LSALSA',
      'alike for T ≤ 5, LSALSA much better after',
      `LISTA's RMSE is ${ratios.map(([layers, ratio]) => `${small(ratio)}× (T = ${layers})`).join(', ')} of LSALSA's`,
      late.length === 0
        ? '–'
        : verdict(early.every(([, ratio]) => ratio < 1.5) && late.every(([, ratio]) => ratio > 1.5)),
    ]);
  }
  if (mixtures) {
    const others = of(mixtures, 'lsalsa').map(({ layers, rmse }) => ({
      layers,
      best: methods.every((method) => (at(mixtures, method, layers)?.rmse ?? Infinity) >= rmse),
    }));
    const caught = overtakes(mixtures, 'salsa');
    rows.push([
      'mixtures: the best encoder',
      'LSALSA, until SALSA catches up near T = 50',
      `LSALSA at T = ${
        others
          .filter(({ best }) => best)
          .map(({ layers }) => layers)
          .join(', ') || 'none'
      }; SALSA is as good at ${step(caught)}`,
      verdict(others.every(({ layers, best }) => best || layers >= 50)),
    ]);
  }
  const ratios = [fashion, natural, mixtures, large].flatMap((part) => (part ? timeRatios(part) : []));
  if (ratios.length > 0) {
    const most = ratios.reduce((a, b) => (b.ratio > a.ratio ? b : a));
    rows.push([
      'time of SALSA to LSALSA’s accuracy',
      'up to 100 times longer',
      `up to ${most.ratio.toFixed(1)} times (T = ${most.by} for LSALSA's ${most.layers}), one thread, same backend`,
      verdict(most.ratio >= 100),
    ]);
  }
  const probes = [fashion, mixtures].flatMap((part) =>
    part?.prepared.misclassified === undefined ? [] : [part],
  );
  if (probes.length > 0) {
    const lowest = probes.map((part) =>
      of(part, 'lsalsa').filter(({ layers, misclassified }) =>
        methods.some((method) => (at(part, method, layers)?.misclassified ?? 1) < misclassified!),
      ),
    );
    rows.push([
      'classification from estimated codes',
      'LSALSA has the lowest error',
      lowest.every((runs) => runs.length === 0)
        ? 'at every T'
        : `not at ${lowest.flatMap((runs, index) => runs.map(({ layers }) => `T = ${layers} (${index === 0 ? 'Fashion-MNIST' : 'digits'})`)).join(', ')}`,
      verdict(lowest.every((runs) => runs.length === 0)),
    ]);
  }
  if (rows.length === 0) return '';
  return ['## Claim by claim', table(['what', 'the paper', 'here', 'holds'], rows)].join('\n\n');
}

function lista(part: PartResult, name: string, paper: string): string[] {
  const runs = of(part, 'lista').map(({ layers, rmse }) => ({
    layers,
    rmse,
    fista: at(part, 'fista', layers)?.rmse,
  }));
  const better = runs
    .filter(({ rmse, fista }) => fista !== undefined && rmse < fista)
    .map(({ layers }) => layers);
  const ten = runs.find(({ layers }) => layers === 10)?.rmse;
  const last = runs.at(-1)!;
  return [
    `${name}: LISTA`,
    paper,
    `better than FISTA at T = ${better.join(', ') || 'none'}; RMSE ${small(ten)} at 10, ${small(last.rmse)} at ${last.layers}`,
    ten === undefined ? '–' : verdict(better.includes(1) && last.rmse > 0.5 * ten),
  ];
}

function partSection(
  name: PartName,
  part: PartResult,
  picture: (file: string, alternative: string, content: string | Uint8Array) => string,
): string {
  const { prepared } = part;
  const depths = [...new Set(part.runs.map(({ layers }) => layers))].sort((a, b) => a - b);
  const of4 = (value: (method: Method, layers: number) => string): string[][] =>
    depths.map((layers) => [String(layers), ...methods.map((method) => value(method, layers))]);
  const header = ['T', ...methods.map((method) => titles[method])];
  const sections = [
    `## ${nameOf[name][0]!.toUpperCase()}${nameOf[name].slice(1)}`,
    `${prepared.train} signals to train on, ${prepared.test} to test on; ${prepared.atoms.join(' + ')} atoms; α* = ${prepared.weights.join(', ')}, μ* = ` +
      `${prepared.penalty}. The optimal codes are ${prepared.sparsity.map((value) => percent(value)).join(', ')} zeros and leave ` +
      `${percent(prepared.unexplained)} of the signals' energy unexplained.`,
    picture(`${name}-error.svg`, `RMSE against T and time, ${nameOf[name]}`, errorFigure(part)),
    'RMSE to the optimal codes (share of zeros, in what is reported as sparse):',
    table(
      header,
      of4((method, layers) => {
        const run = at(part, method, layers);
        return run ? `${small(run.rmse)} (${percent(run.sparsity, 0)})` : '–';
      }),
    ),
    'Microseconds of a signal, in a batch of at most 1000 on one thread:',
    table(
      header,
      of4((method, layers) => (at(part, method, layers) ? timeOf(part, method, layers).toFixed(2) : '–')),
    ),
  ];
  const ratios = timeRatios(part);
  if (ratios.length > 0) {
    sections.push(
      'SALSA is as good as LSALSA ' +
        `${ratios.map(({ layers, by, ratio }) => `with ${layers} ${layers === 1 ? 'layer' : 'layers'} after ${by} iterations, which take ${ratio.toFixed(1)} times as long`).join('; ')}.`,
    );
  }
  if (prepared.misclassified !== undefined) {
    sections.push(
      `Classification: pictures that a linear classifier of the optimal codes (of the test pictures; ${percent(prepared.misclassified)} wrong on those) gets wrong, shown the estimated codes:`,
      table(
        header,
        of4((method, layers) => {
          const share = at(part, method, layers)?.misclassified;
          return share === undefined ? '–' : percent(share);
        }),
      ),
    );
  }
  const shown = [1, 5, 10, 20].filter((layers) => methods.every((method) => at(part, method, layers)));
  if (part.runs[0]!.psnr.length > 0) {
    const names = components.slice(0, part.runs[0]!.psnr.length);
    sections.push(
      picture(
        `${name}-psnr.svg`,
        `PSNR of the components against T, ${nameOf[name]}`,
        psnrFigure(part, names),
      ),
      `PSNR of ${names.join(', ')} (dB):`,
      table(
        header,
        of4(
          (method, layers) =>
            at(part, method, layers)
              ?.psnr.map((value) => value.toFixed(1))
              .join(', ') ?? '–',
        ),
      ),
      ...(shown.length > 0
        ? [
            `Components of the first test signals, ${names.join(' and ')} of each beside each other: the truth in the first row, below it ${methods.map((method) => titles[method]).join(', ')}.`,
            ...shown.map(
              (layers) =>
                `T = ${layers}:\n\n${picture(`${name}-T${layers}.png`, `Separation at T = ${layers}`, separationSheet(part, layers))}`,
            ),
          ]
        : []),
    );
  }
  if (name === 'fashion' || name === 'mixtures')
    sections.push(
      picture(`${name}-cloud.svg`, 'Sparsity against error of single signals', cloudFigure(part, shown)),
    );
  return sections.join('\n\n');
}

function curvatureSection(parts: readonly (readonly [PartName, PartResult])[]): string {
  const rows = parts.flatMap(([name, part]) =>
    of(part, 'lsalsa').flatMap(({ layers, curvature, setting }) =>
      curvature
        ? [
            [
              nameOf[name],
              layers,
              small(setting.penalty),
              small(curvature.learned),
              small(curvature.classical),
              percent(curvature.change),
              percent(curvature.asymmetry),
            ],
          ]
        : [],
    ),
  );
  if (rows.length === 0) return '';
  return [
    '## The learned cost',
    'Section 5 of the paper: an x-update of the trained network minimises a cost with the Hessian S⁻¹ in place of μI + AᵀA. Theorem 2 explains ' +
      'the speed by a learned modulus of convexity above the classical one. The theory is for a symmetric S; what is said here is of the symmetric ' +
      'part, and how much is not symmetric stands beside it. A negative modulus: S is not positive definite, and there is no such cost.',
    table(
      [
        'signals',
        'T',
        'μ',
        'learned modulus of convexity',
        'classical',
        '‖P‖ / ‖μI + AᵀA‖',
        '‖S − Sᵀ‖ / ‖S‖',
      ],
      rows,
    ),
  ].join('\n\n');
}

function peersSection({ patches, encoders }: PeerResult): string {
  return [
    '## Beside scikit-learn',
    `${patches} Fashion-MNIST patches of 10 × 10, one thread each; RMSE to the same optimal codes.`,
    table(
      ['encoder', 'RMSE', 'patches a second'],
      encoders.map(({ name, rmse, seconds }) => [name, small(rmse), Math.round(patches / seconds)]),
    ),
  ].join('\n\n');
}

function methodSection({ size }: Results, parts: readonly (readonly [PartName, PartResult])[]): string {
  const rows = parts.flatMap(([name, part]) =>
    part.runs
      .filter(({ method }) => method === 'lsalsa' || method === 'lista')
      .map(({ method, layers, setting, losses, best, seconds }) => [
        nameOf[name],
        titles[method],
        layers,
        setting.weights.map(small).join(', '),
        setting.penalty === undefined
          ? '–'
          : `${small(setting.penalty)}, ${setting.code === 'u' ? 'u' : 'x'}`,
        `${setting.optimizer} ${small(setting.rate)}, × ${setting.decay}`,
        best === 0 ? `none of ${losses.length - 1}` : `${best} of ${losses.length - 1}`,
        `${small(losses[0])} → ${small(losses[best])}`,
        `${seconds.search.toFixed(0)} + ${seconds.train.toFixed(0)} s`,
      ]),
  );
  return [
    '## How it was done, and where it differs from the paper',
    [
      '- Every method has its settings searched at every T, on training signals: α of every source, μ and what is read out for SALSA and LSALSA; one α for FISTA and LISTA, on all atoms together; rates, their decay, and plain gradient descent or Adam for what is trained. The first candidate has α* and μ*. LSALSA starts from the settings of SALSA: half of the candidates of a learned method are those that are best before training.',
      '- A tenth of the training signals (at most a thousand) is held out: a network is kept as it was after its best epoch on these, and untrained where no epoch made it better, when it is SALSA or ISTA. Gradients are cut at a length of 10, rates fall as training goes on. Without these, deep networks with shared matrices end far from where they started: rates that suit one layer blow up twenty.',
      size === 'paper'
        ? '- Thirty settings, ten epochs each, all training signals.'
        : '- Twelve settings (fewer for the large and the triple mixtures), by successive halving on a part of the training signals, where the paper trains every one for ten epochs on all. The final training has fewer epochs the more layers there are: an epoch costs in proportion to T, and this page is made in half an hour on two cores.',
      '- SALSA and FISTA are not held at (α*, μ*): their α, μ and what is read out are searched at every T like everyone’s, so that they suit few steps as well as they can. They catch up sooner than in the paper, and no ratio of times comes near 100.',
      '- Of the 32 × 32 mixtures there are a thousand signals to learn an S of 2048 × 2048 from: little is learned there.',
      '- T counts applications of S (LISTA, LSALSA, SALSA) or steps (FISTA). LISTA with T has the first shrinkage besides.',
      '- Dictionaries are learned by the online method, not gradient descent; unit norms, as many atoms as pixels, each on its own source. Kodak pictures stand for ASIRRA, which cannot be redistributed. Photographs lose the mean of every patch.',
      `- ${size === 'paper' ? '' : 'The optimal codes of mixtures are those of 200 steps of SALSA, where the paper takes 100. '}Ten thousand pictures of Fashion-MNIST and of MNIST are all that there is to train on, at every size.`,
      '- α* is the least, growing by quarters, for which the codes of every source are 89 % zeros; several sources keep the paper’s proportion.',
      '- SALSA and LSALSA give x_T, as published, or u_{T+1}, which is x_T + d_T shrunk once more: whichever the search finds better. Sparsity is of x_T with \\|x\\| ≤ α/μ set to zero, or of u as it is; RMSE is of the code itself.',
    ].join('\n'),
    table(
      [
        'signals',
        'network',
        'T',
        'α',
        'μ, code',
        'optimiser',
        'best epoch',
        'held-out loss',
        'search + training',
      ],
      rows,
    ),
  ].join('\n\n');
}
