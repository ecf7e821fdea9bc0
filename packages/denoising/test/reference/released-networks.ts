/**
 * The released image networks in float64, loop by loop, after their description: Tolooshams et al. 2020 (DCEA, tied and free) and
 * 2021 (CRsAE), grey pictures, square filters. Nothing here knows of operators, likelihoods or tensors.
 */

/** A filter bank: `filters[atom][row][column]`. */
export type Bank = readonly (readonly (readonly number[])[])[];
export type Picture = readonly (readonly number[])[];

export interface ReleasedNetwork {
  /** In the residual, the analysis and the decoder. */
  readonly residual: Bank;
  readonly analysis: Bank;
  readonly decoder: Bank;
  /** What the residual is of a pixel y where H x is η. */
  readonly working: (y: number, eta: number) => number;
  /** b of every atom, subtracted as it is. */
  readonly bias: readonly number[];
  /** α. */
  readonly step: number;
  readonly layers: number;
  readonly stride: number;
  readonly twoSided: boolean;
  readonly momentum: boolean;
}

/** y − e^η where that is positive, else peak·(exp of it − 1). */
export const poissonWorking = (peak: number) => (y: number, eta: number) => {
  const residual = y - Math.exp(eta);
  return residual > 0 ? residual : peak * (Math.exp(residual) - 1);
};
export const gaussianWorking = (y: number, eta: number): number => y - eta;

const zeros = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

/** Codes `[atom][row][column]` to a picture: every code adds its atom where it stands. */
function synthesis(codes: readonly number[][][], bank: Bank, stride: number, height: number, width: number) {
  const picture = zeros(height, width);
  codes.forEach((code, atom) => {
    code.forEach((line, p) => {
      line.forEach((value, q) => {
        bank[atom]!.forEach((filterRow, k) => {
          filterRow.forEach((tap, l) => {
            picture[p * stride + k]![q * stride + l]! += value * tap;
          });
        });
      });
    });
  });
  return picture;
}

/** The correlation of a picture with every atom at every place. */
function analysis(picture: Picture, bank: Bank, stride: number): number[][][] {
  const size = bank[0]!.length;
  const rows = (picture.length - size) / stride + 1;
  const columns = (picture[0]!.length - size) / stride + 1;
  return bank.map((filter) => {
    const code = zeros(rows, columns);
    for (let p = 0; p < rows; p++)
      for (let q = 0; q < columns; q++)
        filter.forEach((filterRow, k) => {
          filterRow.forEach((tap, l) => {
            code[p]![q]! += tap * picture[p * stride + k]![q * stride + l]!;
          });
        });
    return code;
  });
}

/** η of a picture whose size codes fit. */
export function forward(network: ReleasedNetwork, y: Picture): number[][] {
  const { residual, working, bias, step, layers, stride, twoSided, momentum } = network;
  const [height, width] = [y.length, y[0]!.length];
  const shrink = (value: number, b: number): number =>
    twoSided ? Math.sign(value) * Math.max(Math.abs(value) - b, 0) : Math.max(value - b, 0);
  let codes = analysis(zeros(height, width), residual, stride);
  let extrapolated = codes;
  let momentumNow = 1;
  for (let layer = 0; layer < layers; layer++) {
    const eta = synthesis(extrapolated, residual, stride, height, width);
    const left = y.map((line, row) => line.map((value, column) => working(value, eta[row]![column]!)));
    const pull = analysis(left, network.analysis, stride);
    const before = codes;
    codes = extrapolated.map((code, atom) =>
      code.map((line, p) => line.map((value, q) => shrink(value + step * pull[atom]![p]![q]!, bias[atom]!))),
    );
    const next = (1 + Math.sqrt(1 + 4 * momentumNow * momentumNow)) / 2;
    const factor = momentum ? (momentumNow - 1) / next : 0;
    momentumNow = next;
    extrapolated = codes.map((code, atom) =>
      code.map((line, p) => line.map((value, q) => value + factor * (value - before[atom]![p]![q]!))),
    );
  }
  return synthesis(codes, network.decoder, stride, height, width);
}

/** η of any picture: the mean over all shifts of what the network makes of the reflected, padded picture. */
export function shiftAverage(network: ReleasedNetwork, y: Picture): number[][] {
  const { stride: s } = network;
  const size = network.residual[0]!.length;
  const [height, width] = [y.length, y[0]!.length];
  const extra = (length: number): number =>
    (length + s - size) % s === 0 ? 0 : s - ((length + s - size) % s);
  const [bottom, right] = [s + extra(height), s + extra(width)];
  const mirrored = (at: number, length: number): number =>
    at < 0 ? -at : at >= length ? 2 * (length - 1) - at : at;
  const mean = zeros(height, width);
  for (let i = 0; i < s; i++) {
    for (let j = 0; j < s; j++) {
      const copy = Array.from({ length: s - i + height + bottom + i }, (_, row) =>
        Array.from(
          { length: s - j + width + right + j },
          (_, column) => y[mirrored(row - (s - i), height)]![mirrored(column - (s - j), width)]!,
        ),
      );
      const eta = forward(network, copy);
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++)
          mean[row]![column]! += eta[row + s - i]![column + s - j]! / (s * s);
    }
  }
  return mean;
}
