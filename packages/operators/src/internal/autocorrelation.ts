import type { Hermitian } from './hermitian.ts';

/** The sizes of filters `[height, width, channels, atoms]` and the stride of their codes; of 1-D filters the height is 1. */
export interface FilterBank2d {
  readonly filter: readonly [height: number, width: number];
  readonly channels: number;
  readonly atoms: number;
  readonly stride: readonly [down: number, right: number];
}

/** A matrix of trigonometric polynomials: Σ_lag R[lag] e^{−i⟨ω, lag⟩} with R[−lag] = R[lag]ᵀ, Hermitian for every ω. */
export interface Autocorrelation {
  /** Rows and columns of the matrix. */
  readonly size: number;
  /** d: the lags reach from −d to d, down and to the right. */
  readonly degree: readonly [number, number];
  /** Lags of a half-plane, 0 first: one of each pair of opposites, `[down, right]` one behind the other. */
  readonly lags: Int32Array;
  /** R[lag] + R[lag]ᵀ (R[0] itself), lag by lag, the lower triangle row by row. */
  readonly even: Float64Array;
  /** R[lag] − R[lag]ᵀ likewise. */
  readonly odd: Float64Array;
}

/**
 * The autocorrelation of a convolutional dictionary of these filters: what its Gram matrix is made of at every frequency.
 *
 * Cut into its s polyphase components (the signal's pixel s·m + r, r < s), a strided convolution is one without stride from
 * `atoms` to s·channels sequences, of symbol Ĥ(ω) `[s·channels, atoms]` with entries Σ_q h[s q + r, ch, c] e^{−i⟨ω, q⟩}.
 * This is Ĥ Ĥ*, or Ĥᵀ conj(Ĥ), of the same largest eigenvalue, where that is smaller.
 */
export function autocorrelation(filters: ArrayLike<number>, bank: FilterBank2d): Autocorrelation {
  const { taps, size, inner, values } = polyphase(filters, bank);
  const degree = [taps[0] - 1, taps[1] - 1] as const;
  const lags = halfPlane(degree);
  const entries = (size * (size + 1)) / 2;
  const even = new Float64Array((lags.length / 2) * entries);
  const odd = new Float64Array(even.length);
  /** R[lag][i, j] = Σ_q ⟨tap q + lag of row i, tap q of row j⟩. */
  const correlate = (down: number, right: number, i: number, j: number): number => {
    let sum = 0;
    for (let p = 0; p < taps[0] - down; p++) {
      for (let q = Math.max(0, -right); q < taps[1] - Math.max(0, right); q++) {
        const a = (((p + down) * taps[1] + q + right) * size + i) * inner;
        const b = ((p * taps[1] + q) * size + j) * inner;
        for (let k = 0; k < inner; k++) sum += values[a + k]! * values[b + k]!;
      }
    }
    return sum;
  };
  for (let lag = 0, entry = 0; lag < lags.length; lag += 2) {
    const [down, right] = [lags[lag]!, lags[lag + 1]!];
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++, entry++) {
        const there = correlate(down, right, i, j);
        const back = i === j || lag === 0 ? there : correlate(down, right, j, i);
        even[entry] = lag === 0 ? there : there + back;
        odd[entry] = there - back;
      }
    }
  }
  return { size, degree, lags, even, odd };
}

/** The matrix at the frequency `[down, right]`, in radians per position of the code. */
export function autocorrelationAt(
  { size, degree, lags, even, odd }: Autocorrelation,
  down: number,
  right: number,
): Hermitian {
  const vertical = rotations(down, degree[0]);
  const horizontal = rotations(right, degree[1]);
  const [re, im] = [new Float64Array(size * size), new Float64Array(size * size)];
  for (let lag = 0, entry = 0; lag < lags.length; lag += 2) {
    const [p, q] = [2 * lags[lag]!, 2 * lags[lag + 1]!];
    const [cosP, sinP] = [vertical[p]!, vertical[p + 1]!];
    const [cosQ, sinQ] =
      q < 0 ? [horizontal[-q]!, -horizontal[1 - q]!] : [horizontal[q]!, horizontal[q + 1]!];
    const cosine = cosP * cosQ - sinP * sinQ;
    const sine = sinP * cosQ + cosP * sinQ;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++, entry++) {
        re[i * size + j]! += cosine * even[entry]!;
        im[i * size + j]! -= sine * odd[entry]!;
      }
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      re[j * size + i] = re[i * size + j]!;
      im[j * size + i] = -im[i * size + j]!;
    }
  }
  return { size, real: re, imaginary: im };
}

/** cos and sin of 0, ω, … d·ω, one behind the other. */
function rotations(angle: number, degree: number): Float64Array {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const turned = new Float64Array(2 * degree + 2);
  turned[0] = 1;
  for (let at = 2; at < turned.length; at += 2) {
    turned[at] = turned[at - 2]! * cosine - turned[at - 1]! * sine;
    turned[at + 1] = turned[at - 2]! * sine + turned[at - 1]! * cosine;
  }
  return turned;
}

/** 0, and of each pair of opposite lags the one that is further down, or on one level further to the right. */
function halfPlane([down, right]: readonly [number, number]): Int32Array {
  const lags: number[] = [];
  for (let p = 0; p <= down; p++) {
    for (let q = p === 0 ? 0 : -right; q <= right; q++) lags.push(p, q);
  }
  return Int32Array.from(lags);
}

/**
 * The filters' polyphase components: `taps` matrices, zero where a filter ends within a stride. Their rows `[size, inner]`
 * are s·channels, or the atoms where those are fewer.
 */
function polyphase(filters: ArrayLike<number>, { filter, channels, atoms, stride }: FilterBank2d) {
  const [down, right] = [Math.min(stride[0], filter[0]), Math.min(stride[1], filter[1])];
  const taps = [Math.ceil(filter[0] / stride[0]), Math.ceil(filter[1] / stride[1])] as const;
  const rows = down * right * channels;
  const [size, inner] = rows <= atoms ? [rows, atoms] : [atoms, rows];
  const values = new Float64Array(taps[0] * taps[1] * rows * atoms);
  for (let k = 0, from = 0; k < filter[0]; k++) {
    for (let l = 0; l < filter[1]; l++) {
      const tap = Math.floor(k / stride[0]) * taps[1] + Math.floor(l / stride[1]);
      const phase = (k % stride[0]) * right + (l % stride[1]);
      for (let channel = 0; channel < channels; channel++) {
        const row = phase * channels + channel;
        for (let atom = 0; atom < atoms; atom++) {
          const [outer, within] = rows <= atoms ? [row, atom] : [atom, row];
          values[(tap * size + outer) * inner + within] = filters[from++]!;
        }
      }
    }
  }
  return { taps, size, inner, values };
}
