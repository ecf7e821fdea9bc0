import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '@unrolled/backend';
import { conv2d, unitSphere } from '@unrolled/operators';
import { fista, maxIterations, solve } from '@unrolled/solvers';
import {
  type BatchSource,
  type Pair,
  randomShifts,
  shiftAveraged,
  type TrainingEvent,
  targetError,
} from '@unrolled/unroll';
import { describe, expect, it } from 'vitest';
import { watchTensors } from '../../backend/test/support/watch-tensors.ts';
import {
  type BatchCodes,
  backpropagatedWeight,
  type Crsae,
  type CrsaeOptions,
  codesOf,
  crsae,
  fixedWeight,
  noiseLevel,
  type Sparsity,
  stepGuard,
  trainCrsae,
} from '../src/index.ts';
import {
  type Banks,
  imageConvolution,
  referenceImageAutoencoder,
  tiedGradient,
} from './reference/convolutional-autoencoder.ts';
import { normals, relative } from './tensors.ts';

watchTensors();

const [extent, channels, atoms] = [[4, 3] as const, 2, 5];
const sizes = { height: 16, width: 15, channels, extent, atoms };

/** A network of random filters 4 × 3. */
async function make(options: Partial<CrsaeOptions> = {}): Promise<Crsae> {
  const filters = tf.tensor4d(normals(1, ...extent, channels, atoms), [...extent, channels, atoms]);
  const network = await crsae({ weight: 0.3, layers: 8, nonNegative: false, ...options, filters });
  filters.dispose();
  return network;
}

const images = (seed: number, batch = 1): tf.Tensor4D =>
  tf.tensor4d(normals(seed, batch, 16, 15, channels), [batch, 16, 15, channels]);
const numbers = (network: Crsae, name: string): Float32Array =>
  Float32Array.from(network.variables[name]!.dataSync());
const banks = ['operator.filters', 'analysis.filters', 'decoder.filters'] as const;

/** Pictures of sparse codes under noise, and without: one batch an epoch, the same every time. */
function denoisingPairs(size: { readonly height: number; readonly width: number }): BatchSource<Pair> {
  return {
    batches: 1,
    epoch: () => [
      tf.tidy(() => {
        const truth = unitSphere(
          tf.tensor4d(normals(3, ...extent, channels, atoms), [...extent, channels, atoms]),
        );
        const grid = [2, size.height - 3, size.width - 2, atoms];
        const values = normals(4, ...grid).map((value) => (value > 1.8 ? 3 * value : 0));
        const clean = conv2d(truth).apply(tf.tensor(values, grid));
        const noise = tf.tensor(
          normals(5, ...clean.shape).map((value) => 0.5 * value),
          clean.shape,
        );
        return { input: tf.add(clean, noise), target: tf.clone(clean) };
      }),
    ],
  };
}

async function collect(events: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const all: TrainingEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('crsae of images', () => {
  it.each([1, 3])(
    'untrained is FISTA stopped early, bit for bit, tied or not (stride %i)',
    async (stride) => {
      const y = images(2, 2);
      const tied = await make({ stride });
      const untied = await make({ stride, weights: 'untied' });
      const { code } = await solve(fista(tied.problem()), y, { stop: [maxIterations(8)] });
      for (const network of [tied, untied]) {
        const found = network.encode(y);
        expect(found.dataSync()).toEqual(code.dataSync());
        found.dispose();
      }
      const decoded = [tied, untied].map((network) => network.decode(code));
      expect(decoded[1]!.dataSync()).toEqual(decoded[0]!.dataSync());
      expect(Object.keys(tied.variables)).not.toContain('analysis.filters');
      expect(Object.keys(untied.variables)).toEqual(expect.arrayContaining([...banks]));
      tf.dispose([y, code, decoded]);
      tied.dispose();
      untied.dispose();
    },
  );

  it('has the norms, and the step, that it is told', async () => {
    const given = normals(1, ...extent, channels, atoms);
    const free = await make({ norms: 'free', step: 0.05, weights: 'untied' });
    for (const bank of banks) expect(numbers(free, bank)).toEqual(given);
    expect(numbers(free, 'step')[0]).toBe(Math.fround(0.05));
    free.constrain();
    await free.refresh();
    expect(numbers(free, 'operator.filters')).toEqual(given);
    expect(numbers(free, 'step')[0]).toBe(Math.fround(0.05));
    const unit = await make({ weights: 'untied' });
    for (const bank of banks) {
      const variable = unit.variables[bank]!;
      tf.tidy(() => variable.assign(tf.mul(3, variable)));
    }
    unit.constrain();
    for (const bank of banks) {
      const norms = tf.tidy(() => tf.sqrt(tf.sum(tf.square(unit.variables[bank]!), [0, 1, 2])).dataSync());
      for (const norm of norms) expect(norm).toBeCloseTo(1, 6);
    }
    free.dispose();
    unit.dispose();
  });

  it('encodes images on the host, piece by piece', async () => {
    const network = await make({ stride: 3 });
    const values = normals(6, 70, 7, 6, channels);
    const { data, shape } = await codesOf(network, { data: values, shape: [70, 7, 6, channels] });
    const y = tf.tensor4d(values, [70, 7, 6, channels]);
    const whole = network.encode(y);
    expect(shape).toEqual(whole.shape);
    expect(data).toEqual(whole.dataSync());
    tf.dispose([y, whole]);
    network.dispose();
  });
});

describe('gradients of images against the float64 recursion (O-5)', () => {
  it.each([
    { weights: 'tied', stride: 1, nonNegative: false },
    { weights: 'tied', stride: 3, nonNegative: true },
    { weights: 'untied', stride: 3, nonNegative: false },
  ] as const)(
    '$weights, stride $stride, one-sided: $nonNegative',
    async ({ weights, stride, nonNegative }) => {
      const network = await make({
        weights,
        stride,
        nonNegative,
        layers: 12,
        weight: [0.3, 0.5, 0.4, 0.2, 0.6],
      });
      // Banks that are not equal: else a gradient could be that of another.
      if (weights === 'untied')
        for (const [index, bank] of banks.entries()) {
          const variable = network.variables[bank]!;
          const change = tf.tensor(normals(10 + index, ...variable.shape), variable.shape);
          tf.tidy(() => variable.assign(tf.add(variable, tf.mul(0.05, change))));
          change.dispose();
        }
      const [input, target] = [images(seedOf(weights, stride)), images(8)];
      const names = weights === 'tied' ? (['operator.filters'] as const) : banks;
      const { value, gradients } = valueAndGradients(
        () => targetError()(network, { input, target }),
        [...names, 'prior.weight'].map((name) => network.variables[name]!),
      );
      const bank = (name: string): Float32Array =>
        numbers(network, name in network.variables ? name : banks[0]);
      const own: Banks = {
        residual: bank(banks[0]),
        analysis: bank(banks[1]),
        decoder: bank(weights === 'tied' ? banks[0] : banks[2]),
      };
      const expected = referenceImageAutoencoder(
        Float64Array.from(input.dataSync()),
        Float64Array.from(target.dataSync()),
        own,
        {
          ...sizes,
          stride,
          layers: 12,
          nonNegative,
          weights: Array.from(numbers(network, 'prior.weight')),
          step: numbers(network, 'step')[0]!,
        },
      );
      // As of signals: float32 rounding some hundred operations deep; no threshold is nearer than that.
      expect(expected.closest).toBeGreaterThan(1e-6);
      expect(Math.abs(value.dataSync()[0]! / expected.loss - 1)).toBeLessThan(1e-5);
      const { residual, analysis, decoder } = expected.gradients;
      const references = weights === 'tied' ? [tiedGradient(expected)] : [residual, analysis, decoder];
      for (const [index, reference] of [...references, expected.weights].entries())
        expect(relative(gradients[index]!.dataSync(), reference)).toBeLessThan(1e-4);
      tf.dispose([input, target, value, ...gradients.flatMap((gradient) => gradient ?? [])]);
      network.dispose();
    },
  );

  /** Inputs none of whose pre-activations lies on a threshold. */
  const seedOf = (weights: string, stride: number): number => (weights === 'tied' ? 20 + stride : 30);

  it('have a recursion whose banks agree with finite differences', () => {
    const options = {
      ...sizes,
      stride: 3,
      layers: 6,
      nonNegative: false,
      step: 0.1,
      weights: new Array(5).fill(0.3),
    };
    const [y, target] = [7, 8].map((seed) => Float64Array.from(normals(seed, 16, 15, channels)));
    const own = Object.fromEntries(
      ['residual', 'analysis', 'decoder'].map((name, index) => [
        name,
        Float64Array.from(normals(40 + index, ...extent, channels, atoms), (value) => value / 3),
      ]),
    ) as { [B in keyof Banks]: Float64Array };
    const { gradients } = referenceImageAutoencoder(y!, target!, own, options);
    const h = 1e-6;
    for (const name of ['residual', 'analysis', 'decoder'] as const) {
      const at = (place: number, by: number): number => {
        const moved = own[name].map((value, index) => (index === place ? value + by : value));
        return referenceImageAutoencoder(y!, target!, { ...own, [name]: moved }, options).loss;
      };
      for (const place of [0, 37, 118]) {
        const difference = (at(place, h) - at(place, -h)) / (2 * h);
        // Rounding 1e-16·ℓ/h with ℓ of some hundred: 1e-8 of gradients of order 1 to 100.
        expect(Math.abs(difference - gradients[name][place]!)).toBeLessThan(
          1e-6 * Math.max(1, Math.abs(difference)),
        );
      }
    }
  });
});

describe('trainCrsae on pairs', () => {
  it.each([
    { name: 'tied, λ by EM', weights: 'tied', sparsity: undefined, norms: 'unit' },
    { name: 'tied, bias by backpropagation', weights: 'tied', sparsity: backpropagatedWeight, norms: 'free' },
    { name: 'untied, fixed', weights: 'untied', sparsity: fixedWeight, norms: 'free' },
  ] as const)(
    'denoises better for it, over shifts of images of any size: $name',
    async ({ weights, sparsity, norms }) => {
      const network = await make({ weights, norms, stride: 3, step: 0.05, weight: 0.9 });
      const averaged = shiftAveraged(network);
      const size = { height: 20, width: 17 };
      const error = async (): Promise<number> => {
        const [{ input, target }] = [
          ...(denoisingPairs(size).epoch(undefined as never) as Iterable<Pair>),
        ] as [Pair];
        const mean = tf.tidy(() => tf.mean(tf.squaredDifference(averaged.reconstruct(input), target)));
        const [value] = await mean.data();
        tf.dispose([input, target, mean]);
        return value!;
      };
      const before = {
        error: await error(),
        ...Object.fromEntries(
          banks.map((bank) => [bank, bank in network.variables && numbers(network, bank)]),
        ),
        weight: numbers(network, 'prior.weight'),
      };
      const events = await collect(
        trainCrsae(network, randomShifts(denoisingPairs(size), averaged, 2), {
          noise: noiseLevel(0.5),
          ...(sparsity && { sparsity }),
          epochs: 15,
        }),
      );
      // It was far above its noise, whose variance is 0.25, and moves by 15 steps of 0.01.
      expect(await error()).toBeLessThan(0.97 * before.error);
      for (const bank of banks)
        if (bank in network.variables) expect(numbers(network, bank)).not.toEqual((before as never)[bank]);
      const weight = numbers(network, 'prior.weight');
      if (sparsity === fixedWeight) expect(weight).toEqual(before.weight);
      else expect(weight).not.toEqual(before.weight);
      const last = events.findLast((event) => event.type === 'epoch')!;
      expect(Object.keys(last.losses)).toEqual(['filters', 'step']);
      network.dispose();
    },
  );

  it('gives λ the codes of all shifted copies, of one encoder', async () => {
    const network = await make({ stride: 3, step: 0.05 });
    let encoded = 0;
    const counting: Crsae = {
      ...network,
      encode: (y, options) => {
        encoded++;
        return network.encode(y, options);
      },
    };
    const shapes: (readonly number[])[] = [];
    const looking: Sparsity = {
      withFilters: [],
      stages: (_, codes: BatchCodes) => [
        {
          name: 'look',
          update: ({ network, batch }) => {
            shapes.push(codes.of(network, batch).shape);
            return undefined;
          },
        },
      ],
    };
    const pairs = randomShifts(denoisingPairs({ height: 20, width: 17 }), shiftAveraged(network), 4);
    await collect(trainCrsae(counting, pairs, { noise: noiseLevel(0.5), sparsity: looking, epochs: 2 }));
    // Two images, four shifts; 20 pixels are padded to 28, which has (28 − 4)/3 + 1 = 9 rows; 17 to 24, of 8 columns.
    expect(shapes).toEqual([
      [8, 9, 8, atoms],
      [8, 9, 8, atoms],
    ]);
    expect(encoded).toBe(2);
    network.dispose();
  });

  it('without targets descends on what it sees', async () => {
    const network = await make({ stride: 3, step: 0.05 });
    const windows = { data: normals(9, 4, 16, 15, channels), shape: [4, 16, 15, channels] };
    const events = await collect(
      trainCrsae(network, windows, { noise: noiseLevel(1), sparsity: fixedWeight, epochs: 10 }),
    );
    const losses = events.flatMap((event) => (event.type === 'epoch' ? [event.losses['filters']!] : []));
    // White noise has no structure to learn: a few per cent.
    expect(losses.at(-1)).toBeLessThan(0.98 * losses[0]!);
    network.dispose();
  });
});

describe('stepGuard', () => {
  it.each(['tied', 'untied'] as const)(
    'lowers a step that is too large, and no other: %s',
    async (weights) => {
      const network = await make({ weights, step: 0.05, norms: 'free' });
      const filters = network.variables[weights === 'tied' ? 'operator.filters' : 'analysis.filters']!;
      const bound = await network.problem().operator.lipschitz();
      const guard = async (step: number): Promise<{ told: unknown; step: number }> => {
        tf.tidy(() => network.variables['step']!.assign(tf.scalar(step)));
        const told = await stepGuard.update({ network } as never);
        return { told, step: numbers(network, 'step')[0]! };
      };
      const before = tf.memory().numTensors;
      expect(await guard(0.9 / bound)).toEqual({
        told: expect.closeTo(0.9, 5),
        step: Math.fround(0.9 / bound),
      });
      expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1);
      tf.tidy(() => filters.assign(tf.mul(2, filters)));
      // ‖2H‖² = 4‖H‖²; untied, ‖H‖ ‖2W‖ = 2‖H‖².
      const grown = weights === 'tied' ? 4 : 2;
      const guarded = await guard(0.9 / bound);
      expect(guarded.told).toBeCloseTo(0.9 * grown, 4);
      expect(guarded.step).toBeCloseTo(1 / (grown * bound), 6);
      network.dispose();
    },
  );

  it('is for networks, whose filters the reference knows the norm of', async () => {
    const network = await make({ stride: 3, step: 10 });
    await stepGuard.update({ network } as never);
    const { synthesis, analysis, codeSize } = imageConvolution(numbers(network, 'operator.filters'), {
      ...sizes,
      stride: 3,
    });
    // ‖H x‖² ≤ ‖x‖²/α along the power iteration in float64.
    let x = Float64Array.from(normals(12, codeSize));
    let norm = 0;
    for (let turn = 0; turn < 30; turn++) {
      const size = Math.hypot(...x);
      x = analysis(synthesis(x.map((value) => value / size)));
      norm = Math.hypot(...x);
    }
    const step = numbers(network, 'step')[0]!;
    expect(step * norm).toBeLessThanOrEqual(1);
    expect(step * norm).toBeGreaterThan(0.8);
    network.dispose();
  });
});
