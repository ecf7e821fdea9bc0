import { requireAllFinite } from '@unrolled/contracts';
import { type Complex, realEmbedding, smallerGram } from './hermitian.ts';
import { largestEigenvalueBound } from './largest-eigenvalue.ts';

/** The sizes of filters `[length, channels, atoms]` and the stride of their codes. */
export interface FilterBank {
  readonly length: number;
  readonly channels: number;
  readonly atoms: number;
  readonly stride: number;
}

/** How far the bound may be above the largest gain that was seen. */
const MARGIN = 1e-3;

/**
 * An upper bound of ‖H‖² for the 1-D convolutional dictionary of these filters, in float64.
 *
 * Cut into its s polyphase components, the signal's sample n = s·m + r, a strided convolution is one without stride
 * from `atoms` to s·channels sequences. Its symbol is the matrix Ĥ(ω) `[s·channels, atoms]` of entries Σ_q h[s q + r,
 * ch, c] e^{−iωq}, and
 *
 *     ‖H x‖² ≤ g ‖x‖²,    g = sup_ω λ_max(Ĥ(ω)* Ĥ(ω)),
 *
 * for codes of any length; the norm approaches g as they grow. The supremum is held between grid points by M. Riesz's
 * lemma: for every u, ‖Ĥ(ω) u‖² is a trigonometric polynomial of degree d = ⌈K/s⌉ − 1, which around its maximum g at
 * ω* is at least g·cos(d(ω − ω*)). So if ω* lies in [a, b], then g ≤ max(λ(a), λ(b)) / cos(d(b − a)/2), and intervals
 * whose bound is too far above what was seen are halved.
 */
export function spectralBound1d(filters: ArrayLike<number>, bank: FilterBank): number {
  requireAllFinite('filters', filters);
  const degree = Math.ceil(bank.length / bank.stride) - 1;
  const gain = (angle: number): number =>
    largestEigenvalueBound(realEmbedding(smallerGram(symbol(filters, bank, angle))));
  if (degree === 0) return gain(0);

  // Filters are real: −ω has the conjugate matrix, and its eigenvalues, so that [0, π] will do.
  const intervals = 4 * degree;
  const gains = Array.from({ length: intervals + 1 }, (_, point) => gain((Math.PI * point) / intervals));
  let seen = Math.max(...gains);
  let bound = seen;
  const search = (from: number, to: number, atFrom: number, atTo: number): void => {
    const within = Math.max(atFrom, atTo) / Math.cos((degree * (to - from)) / 2);
    if (within <= seen * (1 + MARGIN)) {
      bound = Math.max(bound, within);
      return;
    }
    const middle = (from + to) / 2;
    const atMiddle = gain(middle);
    seen = Math.max(seen, atMiddle);
    search(from, middle, atFrom, atMiddle);
    search(middle, to, atMiddle, atTo);
  };
  for (let index = 0; index < intervals; index++) {
    const [from, to] = [index, index + 1].map((point) => (Math.PI * point) / intervals) as [number, number];
    search(from, to, gains[index]!, gains[index + 1]!);
  }
  return bound;
}

/** Ĥ(ω) `[stride·channels, atoms]`. */
function symbol(filters: ArrayLike<number>, bank: FilterBank, angle: number): Complex {
  const { length, channels, atoms, stride } = bank;
  const rows = Math.min(stride, length) * channels;
  const real = new Float64Array(rows * atoms);
  const imaginary = new Float64Array(rows * atoms);
  for (let sample = 0; sample < length; sample++) {
    const phase = Math.floor(sample / stride) * angle;
    const [cosine, sine] = [Math.cos(phase), Math.sin(phase)];
    const source = sample * channels * atoms;
    const target = (sample % stride) * channels * atoms;
    for (let entry = 0; entry < channels * atoms; entry++) {
      real[target + entry]! += cosine * filters[source + entry]!;
      imaginary[target + entry]! -= sine * filters[source + entry]!;
    }
  }
  return { rows, columns: atoms, real, imaginary };
}
