import { requireAllFinite } from '@unrolled/contracts';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** The sizes of filters `[length, channels, atoms]` and the stride of their codes. */
interface FilterBank {
  readonly length: number;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: number;
}

/**
 * An upper bound of ‖H‖² for the 1-D convolutional dictionary of these filters, in float64.
 *
 * Cut into its s polyphase components, the signal n = s·m + r, a strided convolution is one without stride from `atoms`
 * to s·channels sequences. Its symbol is the matrix Ĥ(ω) `[s·channels, atoms]` of entries Σ_q h[s q + r, ch, c] e^{−iωq}, and
 *
 *     ‖H x‖² ≤ sup_ω λ_max(G(ω)) ‖x‖²,    G(ω) = Ĥ(ω)* Ĥ(ω), or Ĥ(ω) Ĥ(ω)* where that is smaller,
 *
 * for codes of any length, which the norm approaches as they grow. Between two of N grid points the supremum is held by
 * M. Riesz's lemma: with d = ⌈K/s⌉ − 1, uᴴ G(ω) u is for every u a trigonometric polynomial of degree d, which near its maximum
 * P at ω* is at least P cos(d(ω − ω*)). The nearest grid point is within π/N, so that sup ≤ max over the grid / cos(πd/N).
 */
export function spectralBound1d(filters: ArrayLike<number>, bank: FilterBank): number {
  requireAllFinite('filters', filters);
  const degree = Math.ceil(bank.length / bank.stride) - 1;
  // 64 points a period of the fastest term: the guard is 1/cos(π/64), 0.12 %.
  const points = Math.max(1, 64 * degree);
  let largest = 0;
  // Real filters: −ω has the conjugate matrix, and its eigenvalues.
  for (let point = 0; point <= points / 2; point++) {
    largest = Math.max(
      largest,
      largestEigenvalue(smallerGram(symbol(filters, bank, point, points)), largest),
    );
  }
  return (largest / Math.cos((Math.PI * degree) / points)) * (1 + 1e-12);
}

/** A complex matrix, row by row. */
interface Complex {
  readonly rows: number;
  readonly columns: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** Ĥ(2π·point/points) `[stride·channels, atoms]`. */
function symbol(filters: ArrayLike<number>, bank: FilterBank, point: number, points: number): Complex {
  const { length, channels, atoms, stride } = bank;
  const rows = Math.min(stride, length) * channels;
  const real = new Float64Array(rows * atoms);
  const imaginary = new Float64Array(rows * atoms);
  for (let sample = 0; sample < length; sample++) {
    // The product is reduced before the angle is taken: exact, however long the filter.
    const angle = (2 * Math.PI * ((Math.floor(sample / stride) * point) % points)) / points;
    const cosine = Math.cos(angle);
    const sine = Math.sin(angle);
    const source = sample * channels * atoms;
    const target = (sample % stride) * channels * atoms;
    for (let entry = 0; entry < channels * atoms; entry++) {
      real[target + entry]! += cosine * filters[source + entry]!;
      imaginary[target + entry]! -= sine * filters[source + entry]!;
    }
  }
  return { rows, columns: atoms, real, imaginary };
}

/** M M* or Mᵀ conj(M) (which has the eigenvalues of M* M), whichever is smaller: Hermitian, positive semidefinite. */
function smallerGram({ rows, columns, real, imaginary }: Complex): Complex {
  const byRows = rows <= columns;
  const size = byRows ? rows : columns;
  const inner = byRows ? columns : rows;
  const at = byRows ? (i: number, k: number) => i * columns + k : (i: number, k: number) => k * columns + i;
  const gram = {
    rows: size,
    columns: size,
    real: new Float64Array(size * size),
    imaginary: new Float64Array(size * size),
  };
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < inner; k++) {
        const a = at(i, k);
        const b = at(j, k);
        re += real[a]! * real[b]! + imaginary[a]! * imaginary[b]!;
        im += imaginary[a]! * real[b]! - real[a]! * imaginary[b]!;
      }
      gram.real[i * size + j] = gram.real[j * size + i] = re;
      gram.imaginary[i * size + j] = im;
      gram.imaginary[j * size + i] = -im;
    }
  }
  return gram;
}

/** λ_max of a Hermitian positive semidefinite matrix, or something that is at most `floor` where λ_max is at most that. */
function largestEigenvalue({ rows: size, real, imaginary }: Complex, floor: number): number {
  let squares = 0;
  for (let index = 0; index < real.length; index++) squares += real[index]! ** 2 + imaginary[index]! ** 2;
  const frobenius = Math.sqrt(squares);
  // λ_max is at most the Frobenius norm, and equal to it in the 1 × 1 case: most frequencies end here.
  if (size === 1 || frobenius <= floor) return frobenius;
  // [Re −Im; Im Re] is symmetric and has each eigenvalue twice.
  const embedding = new Matrix(2 * size, 2 * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const re = real[i * size + j]!;
      const im = imaginary[i * size + j]!;
      embedding.set(i, j, re);
      embedding.set(size + i, size + j, re);
      embedding.set(i, size + j, -im);
      embedding.set(size + i, j, im);
    }
  }
  return Math.max(...new EigenvalueDecomposition(embedding, { assumeSymmetric: true }).realEigenvalues);
}
