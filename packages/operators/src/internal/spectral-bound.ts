import { requireAllFinite } from '@unrolled/contracts';
import {
  type Autocorrelation,
  autocorrelation,
  autocorrelationAt,
  type FilterBank2d,
} from './autocorrelation.ts';
import { eigenvalueBetween } from './eigenvalue-between.ts';
import { realEmbedding } from './hermitian.ts';
import { largestEigenvalueBound } from './largest-eigenvalue.ts';

/** How far the bound may be above the largest gain that was seen. */
const MARGIN = 1e-3;

/** Frequencies around a centre: at most `half` radians away from it, down and to the right. */
interface Cell {
  readonly centre: readonly [number, number];
  readonly half: readonly [number, number];
}

/**
 * An upper bound of ‖H‖² for the convolutional dictionary of these filters, in float64, of signals or images.
 *
 * With the symbol Ĥ(ω) of `autocorrelation.ts`,
 *
 *     ‖H x‖² ≤ g ‖x‖²,    g = sup_ω λ_max(Ĥ(ω)* Ĥ(ω)),
 *
 * for codes of any size; the norm approaches g as they grow. Between the frequencies that are looked at, the supremum is
 * held by how little can happen in a cell around each. Where it is reached, at ω* by the unit vector u, f(ω) = ‖Ĥ(ω) u‖²
 * is at its maximum, so that with λ(ω) ≥ f(ω) at the centre of the cell and its half-widths a
 *
 *     g ≤ λ(ω) / cos²((d₁ a₁ + d₂ a₂)/2)              M. Riesz's lemma: f − g/2 has the degrees d and is within ±g/2
 *     g ≤ λ(ω) + Σ_lag ‖R[lag]‖ (|p| a₁ + |q| a₂)²/2   Taylor: the second derivative of f, of lags (p, q)
 *
 * of which the second holds flat spectra. Cells whose bound is too far above what was seen are halved.
 */
export function spectralBound(filters: ArrayLike<number>, bank: FilterBank2d): number {
  requireAllFinite('filters', filters);
  const symbol = autocorrelation(filters, bank);
  const { degree } = symbol;
  if (degree[0] === 0 && degree[1] === 0) {
    return largestEigenvalueBound(realEmbedding(autocorrelationAt(symbol, 0, 0)));
  }
  const curvature = curvatureBound(symbol);
  let seen = 0;
  let bound = 0;
  const within = ({ centre, half }: Cell): number => {
    const riesz = Math.cos((degree[0] * half[0] + degree[1] * half[1]) / 2) ** 2;
    const taylor = curvature(half);
    const limit = (gain: number): number => Math.min(gain / riesz, gain + taylor);
    const enough = seen * (1 + MARGIN);
    const { least, most } = eigenvalueBetween(
      autocorrelationAt(symbol, centre[0], centre[1]),
      (most) => limit(most) <= enough,
      MARGIN / 8,
    );
    seen = Math.max(seen, least);
    return limit(most);
  };
  const search = (cell: Cell, limit: number): void => {
    if (limit <= seen * (1 + MARGIN)) {
      bound = Math.max(bound, limit);
      return;
    }
    for (const part of halves(cell, degree)) search(part, within(part));
  };
  const cells = cover(degree);
  const limits = cells.map(within);
  cells.forEach((cell, index) => {
    search(cell, limits[index]!);
  });
  return bound;
}

/** Σ ‖R[lag]‖ (|p| a₁ + |q| a₂)²/2 over all lags, for half-widths a; the Frobenius norm is an upper bound of the other. */
function curvatureBound({ size, lags, even, odd }: Autocorrelation) {
  const entries = (size * (size + 1)) / 2;
  let [downDown, downRight, rightRight] = [0, 0, 0];
  for (let lag = 2, entry = entries; lag < lags.length; lag += 2) {
    let squares = 0;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++, entry++) {
        squares += (i === j ? 0.25 : 0.5) * (even[entry]! ** 2 + odd[entry]! ** 2);
      }
    }
    const [norm, p, q] = [Math.sqrt(squares), lags[lag]!, Math.abs(lags[lag + 1]!)];
    downDown += norm * p * p;
    downRight += 2 * norm * p * q;
    rightRight += norm * q * q;
  }
  // A lag of the half-plane stands for two: their halves are one.
  return ([down, right]: readonly [number, number]): number =>
    downDown * down * down + downRight * down * right + rightRight * right * right;
}

/**
 * Cells that cover all frequencies, a quarter of the finest detail wide. Filters are real: −ω has the conjugate matrix, and
 * its eigenvalues, so that a half of them will do. Where nothing depends on an axis (degree 0), it has one frequency.
 */
function cover(degree: readonly [number, number]): Cell[] {
  const halved = degree[0] > 0 ? 0 : 1;
  const [vertical, horizontal] = degree.map((highest, axis) => {
    const extent = highest === 0 ? 0 : axis === halved ? Math.PI : 2 * Math.PI;
    const count = Math.max(1, Math.ceil((2 * highest * extent) / Math.PI));
    return Array.from({ length: count }, (_, index) => ({
      centre: ((index + 0.5) * extent) / count,
      half: extent / (2 * count),
    }));
  });
  return vertical!.flatMap((row) =>
    horizontal!.map(
      (column): Cell => ({
        centre: [row.centre, column.centre],
        half: [row.half, column.half],
      }),
    ),
  );
}

/** The two halves of a cell, across the axis along which more can happen. */
function halves({ centre, half }: Cell, degree: readonly [number, number]): Cell[] {
  const [down, right] = half;
  const across = degree[0] * down > degree[1] * right;
  return [-0.5, 0.5].map(
    (side): Cell =>
      across
        ? { centre: [centre[0] + side * down, centre[1]], half: [down / 2, right] }
        : { centre: [centre[0], centre[1] + side * right], half: [down, right / 2] },
  );
}
