import * as tf from '@tensorflow/tfjs-core';
import { isUnrolledError } from '@unrolled/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import * as reference from '../../wasm-kernels/test/reference/trilinear.ts';
import {
  analysis2d,
  filterGradient2d,
  synthesis2d,
  useBackend,
  valueAndGradients,
  vectorJacobianProduct,
} from '../src/index.ts';
import { backendsHere } from './support/backends.ts';
import { draw, expectClose, normal } from './support/tensors.ts';

// The maps of images on every backend that is here: each and each of its gradients against the definition in float64.

const cases: readonly ({ readonly title: string } & reference.Sizes)[] = [
  { title: 'one position', batch: 1, signal: [4, 3], filter: [4, 3], channels: 1, atoms: 1, strides: [1, 1] },
  {
    title: 'single pixels',
    batch: 2,
    signal: [5, 4],
    filter: [1, 1],
    channels: 4,
    atoms: 3,
    strides: [1, 1],
  },
  { title: 'one channel', batch: 3, signal: [9, 8], filter: [3, 4], channels: 1, atoms: 9, strides: [1, 1] },
  { title: 'tails', batch: 2, signal: [10, 12], filter: [3, 2], channels: 3, atoms: 5, strides: [2, 3] },
  { title: 'stride down', batch: 1, signal: [8, 7], filter: [2, 3], channels: 2, atoms: 4, strides: [3, 1] },
  {
    title: 'beyond the filter',
    batch: 2,
    signal: [9, 9],
    filter: [2, 2],
    channels: 1,
    atoms: 2,
    strides: [4, 3],
  },
];

for (const backend of await backendsHere()) {
  describe(backend, () => {
    beforeAll(async () => {
      await useBackend(backend);
    });

    it.each(cases)('convolves: $title', async ({ title: _, ...sizes }) => {
      const { batch, signal, filter, channels, atoms, strides } = sizes;
      const positions = reference.positionsOf(sizes);
      const reach = {
        ...sizes,
        signal: [0, 1].map((axis) => (positions[axis]! - 1) * strides[axis]! + filter[axis]!) as [
          number,
          number,
        ],
      };
      const before = tf.memory().numTensors;
      const value = (seed: number, shape: readonly number[]) => ({
        shape,
        values: draw(seed, tf.util.sizeFromShape([...shape])),
      });
      const all = {
        y: value(1, [batch, ...signal, channels]),
        s: value(2, [batch, ...reach.signal, channels]),
        h: value(3, [...filter, channels, atoms]),
        x: value(4, [batch, ...positions, atoms]),
      };
      const [y, s, h, x] = Object.values(all).map(({ values, shape }) => tf.tensor(values, [...shape])) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const [iy, is, ih, ix] = Object.values(all).map(({ values }) => values) as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      await expectClose(analysis2d(y, h, strides), reference.analysis(iy, ih, sizes));
      await expectClose(synthesis2d(x, h, strides), reference.synthesis(ix, ih, reach));
      await expectClose(filterGradient2d(y, x, strides, filter), reference.filterGradient(iy, ix, sizes));

      const ofAnalysis = vectorJacobianProduct(() => [analysis2d(y, h, strides)], [y, h], [x]);
      await expectClose(ofAnalysis[0]!, reference.synthesis(ix, ih, sizes));
      await expectClose(ofAnalysis[1]!, reference.filterGradient(iy, ix, sizes));

      const ofSynthesis = vectorJacobianProduct(() => [synthesis2d(x, h, strides)], [x, h], [s]);
      await expectClose(ofSynthesis[0]!, reference.analysis(is, ih, reach));
      await expectClose(ofSynthesis[1]!, reference.filterGradient(is, ix, reach));

      const ofGradient = vectorJacobianProduct(() => [filterGradient2d(y, x, strides, filter)], [y, x], [h]);
      await expectClose(ofGradient[0]!, reference.synthesis(ix, ih, sizes));
      await expectClose(ofGradient[1]!, reference.analysis(iy, ih, sizes));

      tf.dispose([y, s, h, x]);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('gives second derivatives', async () => {
      // ½‖Aᵀy‖² is quadratic in the filters h: its gradient is G(y, Aₕᵀy), and the gradient of ⟨G, v⟩ is G(y, Aᵥᵀy).
      const sizes = {
        batch: 2,
        signal: [7, 6],
        filter: [2, 3],
        channels: 2,
        atoms: 3,
        strides: [2, 1],
      } as const;
      const [y, h, v] = [normal(5, [2, 7, 6, 2]), normal(7, [2, 3, 2, 3]), normal(6, [2, 3, 2, 3])];
      const { value, gradients } = valueAndGradients(() => {
        const energy = () => tf.mul(0.5, tf.sum(tf.square(analysis2d(y, h, [2, 1]))));
        return tf.sum(tf.mul(valueAndGradients(energy, [h]).gradients[0]!, v));
      }, [h]);
      const code = reference.analysis(draw(5, 168), draw(6, 36), sizes);
      await expectClose(gradients[0]!, reference.filterGradient(draw(5, 168), code, sizes));
      tf.dispose([value, y, h, v]);
    });
  });
}

it.each([
  { title: 'by sums', image: [19, 17, 2], filter: [4, 3, 2, 19] },
  { title: 'by Winograd', image: [37, 42, 1], filter: [9, 8, 1, 16] },
])('gives an example the same bits alone and in a batch, on wasm, $title', async ({ image, filter }) => {
  await useBackend('wasm');
  const [y, h] = [normal(8, [5, ...image]), normal(9, filter)];
  // Every other example sparse, so that the synthesis takes both its ways.
  const codes = tf.tidy(() => {
    const x = analysis2d(y, h);
    const threshold = tf.tensor([0, 12, 0, 12, 3], [5, 1, 1, 1]);
    return tf.relu(tf.sub(x, threshold));
  });
  const [analysed, synthesised] = [analysis2d(y, h), synthesis2d(codes, h)];
  for (const [from, map, all] of [
    [y, (part: tf.Tensor) => analysis2d(part, h), await analysed.data()],
    [codes, (part: tf.Tensor) => synthesis2d(part, h), await synthesised.data()],
  ] as const) {
    for (let example = 0; example < 5; example++) {
      const part = tf.slice(from, [example, 0, 0, 0], [1, -1, -1, -1]);
      const alone = map(part);
      expect(await alone.data()).toEqual(all.slice(example * alone.size, (example + 1) * alone.size));
      tf.dispose([part, alone]);
    }
  }
  tf.dispose([y, h, codes, analysed, synthesised]);
});

describe('refuses', () => {
  const t = (...shape: number[]) => tf.zeros(shape);
  const cases: readonly [string, () => unknown, string, RegExp][] = [
    [
      'a signal',
      () => analysis2d(t(1, 9, 1), t(3, 3, 1, 2)),
      'INVALID_SHAPE',
      /^y: .*\[batch, height, width, channels\].*\[1,9,1\]/,
    ],
    [
      'whole numbers',
      () => analysis2d(tf.zeros([1, 9, 9, 1], 'int32'), t(3, 3, 1, 2)),
      'INVALID_DTYPE',
      /^y: .*int32/,
    ],
    ['other channels', () => analysis2d(t(1, 9, 9, 2), t(3, 3, 1, 2)), 'INVALID_SHAPE', /^y: .*1 channels/],
    ['an image too low', () => analysis2d(t(1, 2, 9, 1), t(3, 3, 1, 2)), 'INVALID_SHAPE', /^y: .*3 × 3/],
    ['flat filters', () => analysis2d(t(1, 9, 9, 1), t(3, 3, 2)), 'INVALID_SHAPE', /^filters: /],
    ['stride 0', () => analysis2d(t(1, 9, 9, 1), t(3, 3, 1, 2), 0), 'INVALID_ARGUMENT', /^stride: .*0/],
    [
      'half a stride to the right',
      () => synthesis2d(t(1, 4, 4, 2), t(3, 3, 1, 2), [1, 0.5]),
      'INVALID_ARGUMENT',
      /^stride\[1\]: .*0\.5/,
    ],
    [
      'three strides',
      () => synthesis2d(t(1, 4, 4, 2), t(3, 3, 1, 2), [1, 1, 1] as never),
      'INVALID_ARGUMENT',
      /^stride: .*down, right/,
    ],
    ['other atoms', () => synthesis2d(t(1, 4, 4, 3), t(3, 3, 1, 2)), 'INVALID_SHAPE', /^x: .*2 atoms/],
    [
      'an empty code',
      () => synthesis2d(t(1, 0, 4, 2), t(3, 3, 1, 2)),
      'INVALID_SHAPE',
      /^x: .*none of them 0/,
    ],
    [
      'other batches',
      () => filterGradient2d(t(2, 9, 9, 1), t(1, 4, 4, 1)),
      'INVALID_SHAPE',
      /^x: .*2 examples/,
    ],
    [
      'a code that does not fit',
      () => filterGradient2d(t(1, 9, 9, 1), t(1, 4, 10, 1)),
      'INVALID_SHAPE',
      /^x: .*9 × 9 positions/,
    ],
    [
      'too many lags',
      () => filterGradient2d(t(1, 9, 9, 1), t(1, 4, 4, 1), 1, [6, 7]),
      'INVALID_SHAPE',
      /^x: .*4 × 3 positions/,
    ],
    [
      'half a lag',
      () => filterGradient2d(t(1, 9, 9, 1), t(1, 4, 4, 1), 1, [2.5, 2]),
      'INVALID_ARGUMENT',
      /^size\[0\]: .*2\.5/,
    ],
  ];
  it.each(cases)('%s', (_, call, code, message) => {
    let error: unknown;
    try {
      tf.tidy(() => {
        call();
      });
    } catch (thrown) {
      error = thrown;
    }
    expect(isUnrolledError(error)).toBe(true);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
