import * as tf from '@tensorflow/tfjs-core';
import { useBackend, valueAndGradients } from '@unrolled/backend';
import { type Gradient, type Operator, random } from '@unrolled/contracts';
import { gaussian } from '@unrolled/likelihoods';
import { compose, dense } from '@unrolled/operators';
import { l1 } from '@unrolled/prox';
import { fista, ista } from '@unrolled/solvers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reconstruction, unroll } from '../src/index.ts';
import { denseInstance, relative } from './dense-autoencoder.ts';
import { fullLimit, truncatedLimit } from './reference/closed-forms.ts';
import { referenceAutoencoder } from './reference/fista.ts';

/** RandNet as the composition Φ ∘ H: what it is when Φ says nothing, and what its gradients are when Φ hides something. */

beforeAll(() => useBackend('wasm'));

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

const { matrix, y, features, atoms } = denseInstance();
/** Small enough for codes of several atoms of 8 measurements. */
const weight = 0.15;
/** Below 1/‖Φ H‖² for every Φ here. */
const step = 0.08;

interface Found {
  readonly loss: number;
  readonly code: Float32Array;
  /** With respect to the last of the operator's tensors: H, or the effective dictionary. */
  readonly gradient: Float32Array;
}

interface Encoder {
  readonly layers: number;
  readonly momentum?: boolean;
  readonly gradient?: Gradient;
}

/** Codes, and the gradient of the reconstruction in the space of the measurements. */
async function found(make: () => Operator, signal: Float64Array, encoder: Encoder): Promise<Found> {
  const { layers, momentum = false, gradient = 'full' } = encoder;
  const operator = make();
  const prior = l1(weight);
  const problem = { operator, prior, likelihood: gaussian() };
  const name = Object.keys(operator.parameters).at(-1)!;
  const network = await unroll(momentum ? fista(problem, { step }) : ista(problem, { step }), {
    layers,
    train: [`operator.${name}`],
  });
  const u = tf.tensor2d(Float32Array.from(signal), [1, signal.length]);
  const { value, gradients } = valueAndGradients(
    () => reconstruction({ gradient })(network, u),
    network.trainable,
  );
  const codes = network.encode(u);
  const numbers = {
    loss: (await value.data())[0]!,
    code: Float32Array.from(await codes.data()),
    gradient: Float32Array.from(await gradients[0]!.data()),
  };
  tf.dispose([u, codes, value, gradients[0]!, { ...operator.parameters }, { ...prior.parameters }]);
  network.dispose();
  return numbers;
}

const tensorOf = (data: ArrayLike<number>, rows: number): tf.Tensor =>
  tf.tensor2d(Float32Array.from(data), [rows, data.length / rows]);
const plain = (rows = features, data: ArrayLike<number> = matrix) => dense(tensorOf(data, rows));
const compressed = (phi: ArrayLike<number>, rows: number) =>
  compose(dense(tensorOf(phi, rows)), dense(tensorOf(matrix, features)));

/** a b of `[rows, inner]` and `[inner, columns]`. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, inner: number): Float64Array {
  const [rows, columns] = [a.length / inner, b.length / inner];
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let k = 0; k < inner; k++) out[i * columns + j]! += a[i * inner + k]! * b[k * columns + j]!;
  return out;
}

function transposed(a: Float64Array, rows: number): Float64Array {
  const columns = a.length / rows;
  return a.map((_, index) => a[(index % rows) * columns + Math.floor(index / rows)]!);
}

function normals(rows: number, columns: number, deviation: number): Float64Array {
  const draw = random(25);
  return Float64Array.from(Float32Array.from({ length: rows * columns }, () => draw.normal(0, deviation)));
}

/** An orthogonal matrix: the reflection I − 2 v vᵀ/‖v‖². */
function reflection(size: number): Float64Array {
  const v = normals(size, 1, 1);
  const norm = v.reduce((sum, value) => sum + value * value, 0);
  return Float64Array.from({ length: size * size }, (_, index) => {
    const [i, j] = [Math.floor(index / size), index % size];
    return (i === j ? 1 : 0) - (2 * v[i]! * v[j]!) / norm;
  });
}

const identityMatrix = Float64Array.from({ length: features * features }, (_, index) =>
  index % (features + 1) === 0 ? 1 : 0,
);

describe('where nothing is lost', () => {
  it.each([true, false])('O-25: with Φ = I it is dense CRsAE, bit for bit, momentum %s', async (momentum) => {
    const encoder = { layers: 30, momentum };
    expect(await found(() => compressed(identityMatrix, features), y, encoder)).toEqual(
      await found(plain, y, encoder),
    );
  });

  it('with Φ orthogonal its codes are those of the signals, and so is its gradient', async () => {
    const phi = reflection(features);
    const turned = await found(() => compressed(phi, features), product(phi, y, features), { layers: 60 });
    const whole = await found(plain, y, { layers: 60 });
    // Φ and Φ y are rounded to float32, and Φᵀ Φ is I to 1e-7: sums of a dozen, sixty layers deep.
    expect(relative(turned.code, Float64Array.from(whole.code))).toBeLessThan(1e-5);
    expect(relative(turned.gradient, Float64Array.from(whole.gradient))).toBeLessThan(1e-4);
  });
});

describe('where a third is lost', () => {
  const rows = 8;
  const phi = normals(rows, features, 1 / Math.sqrt(features));
  const effective = product(phi, matrix, features);
  const u = product(phi, y, features);

  it('the gradient with respect to H is Φᵀ times that with respect to Φ H', async () => {
    const own = await found(() => compressed(phi, rows), u, { layers: 40, momentum: true });
    const other = await found(() => plain(rows, effective), u, { layers: 40, momentum: true });
    const expected = product(transposed(phi, rows), Float64Array.from(other.gradient), rows);
    // Φ H is rounded here, and summed in two steps there: 1e-7 a sum, forty layers deep.
    expect(relative(own.gradient, expected)).toBeLessThan(2e-5);
  });

  describe('O-24: through the last B layers', () => {
    const instance = { y: u, matrix: effective, atoms, weight, step };
    // ρ(M) is 0.975 here: after 600 layers codes are what they will be, to float32.
    const { code } = referenceAutoencoder(u, effective, atoms, {
      weight,
      step,
      layers: 4000,
      momentum: false,
    });
    const throughPhi = (limit: Float64Array): Float64Array => product(transposed(phi, rows), limit, rows);
    const truncated = async (last: number): Promise<Float32Array> =>
      (await found(() => compressed(phi, rows), u, { layers: 600, gradient: { last } })).gradient;

    it.each([0, 1, 20])('B = %i: Φᵀ times (4.2)', async (last) => {
      const expected = throughPhi(truncatedLimit(instance, code, last));
      // The residual is a tenth of the numbers that it is a difference of; H and Φ H are rounded.
      expect(relative(await truncated(last), expected)).toBeLessThan(1e-4);
    });

    it('its distance to the gradient through all of them falls like ρ(M)^B', async () => {
      const limit = throughPhi(fullLimit(instance, code));
      const [near, far] = [80, 160];
      const [above, below] = [relative(await truncated(near), limit), relative(await truncated(far), limit)];
      // By 80 layers one eigenvector of M is left; 1e-2 is a thousand times what float32 rounds.
      expect(Math.log(below / above) / (far - near) / Math.log(spectralRadius(code))).toBeCloseTo(1, 2);
    });

    /** ρ(M), M = (I − α BᵀB)_SS. */
    function spectralRadius(x: Float64Array): number {
      let [v, radius] = [x.map(Math.abs), 0];
      for (let turn = 0; turn < 2000; turn++) {
        const pulled = product(product(effective, v, atoms), effective, rows);
        const next = v.map((value, j) => (x[j] === 0 ? 0 : value - step * pulled[j]!));
        radius = Math.hypot(...next);
        v = next.map((value) => value / radius);
      }
      return radius;
    }
  });
});
