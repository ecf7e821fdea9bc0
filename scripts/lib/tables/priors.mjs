// docs/priors.md: prior → activation.
import { factoriesOf, formulaCell, linkTo, proseCell } from './catalogue.mjs';
import { built, grid, rounded, tensorflow } from './device.mjs';

const range = [-3, 3];

/**
 * Which curves a row's figure has: the first entry of prox(v, 1) against the first entry of v, the others of which are given. Where a
 * prior is named after an option, it is the row's second curve.
 */
function curvesOf(prox, tf, operators) {
  const alone = (name, prior) => ({ name, prior, code: (v) => [v] });
  const beside = (name, prior, ...others) => ({ name, prior, code: (v) => [v, ...others] });
  return {
    l1: [alone('two-sided', prox.l1(1)), alone('one-sided', prox.l1(1, { nonNegative: true }))],
    ridge: [alone('weight 0.5', prox.ridge(0.5)), alone('2', prox.ridge(2))],
    elasticNet: [
      alone('two-sided', prox.elasticNet(0.7, 0.5)),
      alone('one-sided', prox.elasticNet(0.7, 0.5, { nonNegative: true })),
    ],
    twoSidedGaussian: [alone('2, 0.5', prox.twoSidedGaussian(2, 0.5))],
    l0: [alone('weight 0.5', prox.l0(0.5)), alone('2', prox.l0(2))],
    groupLasso: [
      beside('beside 0', prox.groupLasso(1), 0),
      beside('0.8', prox.groupLasso(1), 0.8),
      beside('2', prox.groupLasso(1), 2),
    ],
    box: [alone('−0.5 to 1.5', prox.box(-0.5, 1.5))],
    simplex: [beside('beside 0', prox.simplex(), 0), beside('0, 1', prox.simplex(), 0, 1)],
    locality: (() => {
      // Two atoms on a line, and a signal nearer to the first, for every point of the curve.
      const atoms = operators.dense(tf.tensor2d([[0, 2]]));
      const near = (weight) => prox.locality(weight).bind(tf.fill([grid(...range).length, 1], 0.5), atoms);
      return [beside('weight 0', near(0), 0), beside('0.5', near(0.5), 0)];
    })(),
    zero: [alone('', prox.zero())],
    scale: [alone('ℓ1', prox.l1(1)), alone('half of it', prox.scale(prox.l1(1), 0.5))],
    translate: [alone('ridge', prox.ridge(1)), alone('around 1', prox.translate(prox.ridge(1), 1))],
    blocks: [
      beside(
        'ℓ1 first',
        prox.blocks([
          { prior: prox.l1(1), size: 1 },
          { prior: prox.ridge(1), size: 1 },
        ]),
        0,
      ),
      beside(
        'ridge first',
        prox.blocks([
          { prior: prox.ridge(1), size: 1 },
          { prior: prox.l1(1), size: 1 },
        ]),
        0,
      ),
    ],
    conjugate: [alone('ℓ1', prox.l1(1)), alone('conjugate', prox.conjugate(prox.l1(1)))],
    moreauEnvelope: [alone('ℓ1', prox.l1(1)), alone('Huber', prox.moreauEnvelope(prox.l1(1), 1))],
    signed: [
      alone('1', prox.signed(prox.l1(0.7), 1)),
      alone('−1', prox.signed(prox.l1(0.7), -1)),
      alone('0', prox.signed(prox.l1(0.7), 0)),
    ],
    supported: [
      alone('mask 1', prox.supported(prox.l1(0.7), [1])),
      alone('0', prox.supported(prox.l1(0.7), [0])),
    ],
    topK: [
      beside('beside 1', prox.topK(prox.zero(), { count: 1 }), 1),
      beside('2', prox.topK(prox.zero(), { count: 1 }), 2),
    ],
  };
}

/** The files of the page: `{ path: text }`, paths relative to the root. */
export async function priorTables() {
  const [prox, plots, operators, tf] = [
    await built('prox'),
    await built('plots'),
    await built('operators'),
    await tensorflow(),
  ];
  const curves = curvesOf(prox, tf, operators);
  const factories = factoriesOf('prox');
  const missing = factories.filter(({ name }) => curves[name] === undefined).map(({ name }) => name);
  if (missing.length > 0)
    throw new Error(
      `the table of priors has no curve for ${missing.join(', ')}: scripts/lib/tables/priors.mjs`,
    );

  const files = {};
  for (const { name } of factories) {
    const v = grid(...range);
    const drawn = curves[name].map(({ name: label, prior, code }, index) => {
      const codes = tf.tensor2d(v.map(code));
      const first = tf.tidy(() => tf.slice(prior.prox(codes, 1), [0, 0], [v.length, 1]));
      return {
        name: label || undefined,
        x: rounded(v),
        y: rounded(first.dataSync()),
        dots: false,
        dashed: index > 0,
      };
    });
    files[imageOf(name)] = plots.curvePlot(drawn, {
      width: 240,
      height: 170,
      xLabel: 'v',
      yLabel: 'prox(v, 1)',
      xRange: range,
      yRange: range,
    });
  }
  const row = ({ name, file, summary, formulas, activation }) =>
    [
      `${linkTo(name, file)}<br>${proseCell(summary)}`,
      formulaCell(formulas),
      `![prox of ${name}](${imageOf(name).replace('docs/', '')})${activation ? `<br>${proseCell(activation)}` : ''}`,
      asked(curves[name][0].prior).join('<br>'),
    ].join(' | ');
  const table = (rows) =>
    [
      '| prior | penalty and prox | activation | also |',
      '|---|---|---|---|',
      ...rows.map((one) => `| ${row(one)} |`),
    ].join('\n');
  const own = factories.filter(({ file }) => !file.includes('calculus'));
  const made = factories.filter(({ file }) => file.includes('calculus'));
  files['docs/priors.md'] = `# Prior → activation

<!-- Made by \`pnpm tables\` from the docstrings and the code of @unrolled/prox. -->

What a code should look like is a penalty Φ; the step of an iteration that makes it so is its proximal operator, and that is the
activation of the unrolled network:

    x_t = prox_Φ( x_{t−1} + α Aᵀ residual(y, A x_{t−1}), α ),    prox_Φ(v, α) = argmin_x  α Φ(x) + ½ ‖x − v‖²

Every prior goes with every [likelihood](likelihoods.md), in ISTA and FISTA; a test builds, runs and trains them all. The curves are the
first entry of prox(v, 1) against that of v.

${table(own)}

## Priors out of priors

${table(made)}

*Not convex*: a fixed point need not be the global minimum. *KKT*: stops by the Karush–Kuhn–Tucker conditions. *Gap*: stops by the duality
gap, with the Gaussian likelihood. *Fused*: one kernel computes the whole step.
`;
  return files;
}

const imageOf = (name) => `docs/images/tables/prior-${name}.svg`;

/** What a prior can be asked for besides value and prox. */
const asked = (prior) => [
  ...(prior.convex ? [] : ['not convex']),
  ...(prior.violation ? ['KKT'] : []),
  ...(prior.dualScale ? ['gap'] : []),
  ...(prior.shrinkage ? ['fused'] : []),
];
