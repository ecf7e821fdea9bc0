/** Signals of one channel in float64, the last axis fastest. */
export interface Signal {
  readonly data: ArrayLike<number>;
  readonly sizes: readonly number[];
}

/**
 * The mean over all shifts as the papers' code has it: one copy at a time, padded by hand, a mask padded beside it, and what the mask
 * shows taken out.
 */
export function averageOverShifts(
  signal: Signal,
  { extent, stride }: { readonly extent: readonly number[]; readonly stride: readonly number[] },
  model: (copy: Signal) => ArrayLike<number>,
): Float64Array {
  const { data, sizes } = signal;
  const sum = new Float64Array(data.length);
  const right = sizes.map((size, axis) => {
    const s = stride[axis]!;
    const left = (size + s - extent[axis]!) % s;
    return s + (left === 0 ? 0 : s - left);
  });
  const shifts = [...coordinates(stride)];
  for (const shift of shifts) {
    const front = stride.map((s, axis) => s - shift[axis]!);
    const padded = sizes.map((size, axis) => size + stride[axis]! + right[axis]!);
    const copy: number[] = [];
    const mask: boolean[] = [];
    for (const place of coordinates(padded)) {
      const at = place.map((p, axis) => p - front[axis]!);
      mask.push(at.every((p, axis) => p >= 0 && p < sizes[axis]!));
      copy.push(
        data[
          flat(
            at.map((p, axis) => reflect(p, sizes[axis]!)),
            sizes,
          )
        ]!,
      );
    }
    const output = model({ data: copy, sizes: padded });
    let next = 0;
    mask.forEach((inside, index) => {
      if (inside) sum[next++]! += output[index]! / shifts.length;
    });
  }
  return sum;
}

/** ISTA's network on one image, written out: atoms `[height, width, atoms]`, one channel, non-negative codes. */
export function istaReconstruction(
  image: Signal,
  network: {
    readonly filters: ArrayLike<number>;
    readonly shape: readonly [number, number, number];
    readonly stride: readonly [number, number];
    readonly weight: number;
    readonly step: number;
    readonly layers: number;
  },
): Float64Array {
  const { filters, shape, stride, weight, step, layers } = network;
  const [h, w, atoms] = shape;
  const [H, W] = image.sizes as [number, number];
  const positions = [(H - h) / stride[0] + 1, (W - w) / stride[1] + 1, atoms] as const;
  const code = new Float64Array(positions[0] * positions[1] * atoms);
  const output = new Float64Array(H * W);
  /** Every entry of a code beside every pixel that it reaches. */
  const visit = (see: (entry: number, pixel: number, tap: number) => void): void => {
    for (const [p, q, c] of coordinates(positions) as Iterable<[number, number, number]>) {
      for (const [k, l] of coordinates([h, w]) as Iterable<[number, number]>)
        see(
          flat([p, q, c], positions),
          flat([p * stride[0] + k, q * stride[1] + l], image.sizes),
          flat([k, l, c], shape),
        );
    }
  };
  const synthesize = (): void => {
    output.fill(0);
    visit((entry, pixel, tap) => {
      output[pixel]! += code[entry]! * filters[tap]!;
    });
  };
  for (let layer = 0; layer < layers; layer++) {
    synthesize();
    const residual = output.map((value, pixel) => image.data[pixel]! - value);
    visit((entry, pixel, tap) => {
      code[entry]! += step * residual[pixel]! * filters[tap]!;
    });
    code.forEach((value, entry) => {
      code[entry] = Math.max(0, value - step * weight);
    });
  }
  synthesize();
  return output;
}

/** PyTorch's reflect mode: edges are not repeated. */
function reflect(place: number, size: number): number {
  if (place < 0) return reflect(-place, size);
  return place < size ? place : reflect(2 * (size - 1) - place, size);
}

const flat = (place: readonly number[], sizes: readonly number[]): number =>
  place.reduce((index, p, axis) => index * sizes[axis]! + p, 0);

function* coordinates(sizes: readonly number[]): Generator<number[]> {
  const total = sizes.reduce((product, size) => product * size, 1);
  for (let index = 0; index < total; index++) {
    const place: number[] = [];
    let rest = index;
    for (const size of [...sizes].reverse()) {
      place.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    yield place;
  }
}
