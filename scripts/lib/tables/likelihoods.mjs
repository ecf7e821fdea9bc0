// docs/likelihoods.md: likelihood → network.
import { factoriesOf, formulaCell, linkTo, proseCell } from './catalogue.mjs';
import { built, grid, rounded, tensorflow } from './device.mjs';

const range = [-3, 3];

/** Which curves a row's figure has: the likelihood, and the data that its residual and its loss are drawn for. */
const subjectsOf = ({ gaussian, poisson, binomial, bernoulli, negativeBinomial, gamma }) => ({
  gaussian: [{ name: '', likelihood: gaussian(), y: 1 }],
  poisson: [
    { name: 'exact', likelihood: poisson(), y: 3 },
    { name: 'peak 4', likelihood: poisson({ peak: 4 }), y: 3 },
    { name: 'largest rate 8', likelihood: poisson({ largestRate: 8 }), y: 3 },
  ],
  binomial: [
    { name: '10 trials', likelihood: binomial({ trials: 10 }), y: 3 },
    { name: '5', likelihood: binomial({ trials: 5 }), y: 3 },
  ],
  bernoulli: [{ name: '', likelihood: bernoulli(), y: 1 }],
  negativeBinomial: [
    { name: 'dispersion 0.1', likelihood: negativeBinomial({ dispersion: 0.1 }), y: 3 },
    { name: '1', likelihood: negativeBinomial({ dispersion: 1 }), y: 3 },
  ],
  gamma: [
    { name: 'shape 1', likelihood: gamma(), y: 3 },
    { name: '4', likelihood: gamma({ shape: 4 }), y: 3 },
  ],
});

/** Networks by their names: which prior, which likelihood, and what is then said of the data. */
const named = [
  ['sparse coding, CRsAE', 'l1', 'gaussian', 'voltages and pictures of a few events'],
  ['DCEA', 'l1', 'poisson', 'photons and spikes, of few atoms'],
  ['DCEA over trials', 'l1', 'binomial', 'spikes in a bin out of so many trials'],
  ['topic proportions', 'simplex', 'poisson', 'counts of words, each document a mixture of topics'],
  ['K-deep simplex', 'locality', 'gaussian', 'points near a few atoms of a manifold'],
  ['logistic principal components', 'ridge', 'bernoulli', 'answers of yes and no, of a few traits'],
  [
    'group-sparse regression',
    'groupLasso',
    'negativeBinomial',
    'counts that vary more than Poisson counts, of whole groups',
  ],
];

/** The files of the page: `{ path: text }`, paths relative to the root. */
export async function likelihoodTables() {
  const [likelihoods, prox, solvers, operators, plots, tf] = [
    ...(await Promise.all(['likelihoods', 'prox', 'solvers', 'operators', 'plots'].map(built))),
    await tensorflow(),
  ];
  const subjects = subjectsOf(likelihoods);
  const factories = factoriesOf('likelihoods');
  const missing = factories.filter(({ name }) => subjects[name] === undefined).map(({ name }) => name);
  if (missing.length > 0)
    throw new Error(
      `the table of likelihoods has no curves for ${missing.join(', ')}: scripts/lib/tables/likelihoods.mjs`,
    );

  const files = {};
  for (const { name } of factories) files[imageOf(name)] = figureOf(subjects[name], plots, tf);
  const problem = { operator: operators.dense(tf.tensor2d([[1]])), prior: prox.l1(1) };
  const rows = factories.map(({ name, file, summary, formulas }) => {
    const { likelihood, y } = subjects[name][0];
    return [
      `${linkTo(name, file)}<br>${proseCell(summary)}`,
      formulaCell(formulas),
      `![mean, residual and loss of ${name}, at y = ${y}](${imageOf(name).replace('docs/', '')})`,
      combinations({ ...problem, likelihood }, tf.tensor2d([[y]]), solvers, tf).join('<br>'),
    ].join(' | ');
  });
  const priors = new Map(factoriesOf('prox').map((one) => [one.name, one]));
  const families = new Map(factories.map((one) => [one.name, one]));
  const networks = named.map(([network, prior, likelihood, data]) =>
    [
      network,
      linkTo(prior, priors.get(prior).file),
      linkTo(likelihood, families.get(likelihood).file),
      data,
    ].join(' | '),
  );
  const { svg, apart } = await topics({ likelihoods, prox, solvers, operators, plots, tf });
  files['docs/images/tables/topics.svg'] = svg;
  files['docs/likelihoods.md'] = `# Likelihood → network

<!-- Made by \`pnpm tables\` from the docstrings and the code of @unrolled/likelihoods. -->

What noise a signal has sets what a network subtracts from it in every layer, and the loss that it is trained on. Nothing else changes:

    x_t = prox_Φ( x_{t−1} + α Aᵀ residual(y, η_{t−1}), α ),    η_t = A x_t + baseline,    loss = −log p(y | η_T)

The curves are those of one entry against η; residual and loss at one datum, y. What each goes with is found out by trying. SALSA solves
least squares, and so takes the Gaussian alone; where the curvature has no bound, ISTA and FISTA ask for a step (of Poisson counts,
\`largestRate\` bounds it).

| likelihood | formulas | mean, residual, loss | goes with |
|---|---|---|---|
${rows.map((row) => `| ${row} |`).join('\n')}

## Networks of these rows

Every likelihood goes with every [prior](priors.md); some have names. All of them are built, run and trained in a test.

| network | prior | likelihood | for |
|---|---|---|---|
${networks.map((row) => `| ${row} |`).join('\n')}

![A document's counts of words, their true rate, and the rate that was found](images/tables/topics.svg)

*Topic proportions: \`fista\` with the simplex under the Poisson likelihood. A document of three topics in proportions 0.6, 0.4, 0; found
are ${apart}.*
`;
  return files;
}

const imageOf = (name) => `docs/images/tables/likelihood-${name}.svg`;

/** Mean, residual and loss against η, beside each other. */
function figureOf(subjects, plots, tf) {
  const eta = grid(...range);
  const column = tf.tensor2d(eta.map((value) => [value]));
  const curve = (subject, index, of, [low, high]) => {
    const values = rounded(tf.tidy(() => of(subject, tf.fill([eta.length, 1], subject.y))).dataSync());
    // What leaves the panel ends there.
    const inside = values.flatMap((value, point) => (value >= low && value <= high ? [point] : []));
    return {
      name: subject.name || undefined,
      x: rounded(inside.map((point) => eta[point])),
      y: inside.map((point) => values[point]),
      dots: false,
      // So that one curve does not hide another.
      dashed: index > 0,
    };
  };
  const panel = (yLabel, of, ends) =>
    plots.curvePlot(
      subjects.map((subject, index) => curve(subject, index, of, ends)),
      { width: 210, height: 170, xLabel: 'η', yLabel, xRange: range },
    );
  return plots.arrange([
    [
      panel('mean', ({ likelihood }) => likelihood.mean(column), [-20, 20]),
      panel('residual', ({ likelihood }, y) => likelihood.residual(y, column), [-10, 10]),
      panel('loss', ({ likelihood }, y) => likelihood.negLogLik(y, column), [-20, 20]),
    ],
  ]);
}

/** What a problem of this likelihood goes with: found out by trying. */
function combinations(problem, y, { ista, fista, salsa, kktViolation, dualityGap }, tf) {
  const takes = (make) => {
    try {
      tf.tidy(() => void make());
      return true;
    } catch (error) {
      if (error.name !== 'UnrolledError') throw error;
      return false;
    }
  };
  const stepped = [ista, fista].every((make) => takes(() => make(problem)));
  return [
    stepped
      ? `ISTA, FISTA; step 1/(${problem.likelihood.curvature}·‖A‖²)`
      : 'ISTA, FISTA with a `step` of yours',
    ...(takes(() => salsa(problem)) ? ['SALSA'] : []),
    ...(takes(() => kktViolation(1).begin(problem, y)) ? ['KKT rule'] : []),
    ...(takes(() => dualityGap(1).begin(problem, y)) ? ['duality gap'] : []),
  ];
}

/** Two of three topics over twelve words, their counts, and the rates and proportions that are found. */
async function topics({ likelihoods, prox, solvers, operators, plots, tf }) {
  const words = 12;
  // Log-rates of each topic: it has its own third of the words.
  const atoms = tf.tensor2d(
    Array.from({ length: words }, (_, word) =>
      [0, 1, 2].map((topic) => (Math.floor(word / 4) === topic ? 3 : 0.5)),
    ),
  );
  const operator = operators.dense(atoms);
  const truth = tf.tensor2d([[0.6, 0.4, 0]]);
  const likelihood = likelihoods.poisson({ baseline: 1, largestRate: 100 });
  const eta = operator.apply(truth);
  const { random } = await built('contracts');
  const y = await likelihood.sample(eta, random(3));
  const { code } = await solvers.solve(solvers.fista({ operator, prior: prox.simplex(), likelihood }), y, {
    stop: solvers.maxIterations(300),
  });
  const x = grid(1, words, words);
  const curve = (name, values, options) => ({ name, x, y: rounded(values.dataSync()), ...options });
  const svg = plots.curvePlot(
    [
      curve('counts', y),
      curve('true rate', likelihood.mean(eta), { dashed: true, dots: false }),
      curve('found', likelihood.mean(operator.apply(code)), { dots: false }),
    ],
    { width: 480, height: 220, xLabel: 'word', yLabel: 'counts' },
  );
  const apart = Array.from(code.dataSync(), (value) => value.toFixed(2)).join(', ');
  return { svg, apart };
}
