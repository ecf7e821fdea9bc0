import { packPanels, panelsOf, ROWS, tile, WIDTH } from './tile';

/** Positions of the code that are computed for one panel of filters before the next: they stay in the first cache. */
const BLOCK: i32 = 8 * ROWS;

/** Bytes of scratch that `analysis2d` needs. */
export function analysis2dScratch(taps: i32, atoms: i32): usize {
  return <usize>(panelsOf(atoms) * taps + ROWS) * 32 + <usize>BLOCK * 4;
}

/**
 * out[b, p, q, c] = Σ_{k, l, i} y[b, p·down + k, q·right + l, i] · filters[k, l, i, c], summed in the order of k, l, i.
 */
export function analysis2d(
  y: usize,
  filters: usize,
  out: usize,
  batch: i32,
  height: i32,
  width: i32,
  rows: i32,
  columns: i32,
  filterHeight: i32,
  filterWidth: i32,
  channels: i32,
  atoms: i32,
  down: i32,
  right: i32,
  scratch: usize,
): void {
  const run = filterWidth * channels;
  const taps = filterHeight * run;
  const line = <usize>(width * channels) << 2;
  const positions = rows * columns;
  const outStep = <usize>atoms << 2;
  const packed = scratch;
  const rest = packed + <usize>(panelsOf(atoms) * taps) * 32;
  const places = rest + <usize>ROWS * 32;
  packPanels(filters, <usize>atoms << 2, 4, taps, atoms, packed);
  for (let example = 0; example < batch; example++) {
    for (let first = 0; first < positions; first += BLOCK) {
      const count = min(BLOCK, positions - first);
      // Where each position looks: beyond the last one, where the last one does.
      for (let index = 0; index < BLOCK; index++) {
        const position = min(first + index, positions - 1);
        const at = <usize>((position / columns) * down) * line;
        store<usize>(
          places + (<usize>index << 2),
          y + at + (<usize>((position % columns) * right * channels) << 2),
        );
      }
      for (let panel = 0; panel < panelsOf(atoms); panel++) {
        const from = packed + <usize>(panel * taps) * 32;
        const wide = min(WIDTH, atoms - panel * WIDTH);
        let to = out + <usize>first * outStep + (<usize>panel << 5);
        for (let index = 0; index < count; index += ROWS) {
          const place = places + (<usize>index << 2);
          const whole = wide == WIDTH && index + ROWS <= count;
          terms(place, line - (<usize>run << 2), from, run, filterHeight, whole ? to : rest, whole ? outStep : 32);
          if (!whole) copyPart(rest, to, outStep, min(ROWS, count - index), wide);
          to += <usize>ROWS * outStep;
        }
      }
    }
    y += <usize>height * line;
    out += <usize>positions * outStep;
  }
}

/** A tile of terms that lie side by side. */
function terms(
  rows: usize,
  jump: usize,
  panel: usize,
  count: i32,
  segments: i32,
  out: usize,
  outStep: usize,
): void {
  tile(rows, 4, jump, panel, count, segments, out, outStep);
}

/** Copies so many rows and columns of a tile. */
function copyPart(from: usize, to: usize, toStep: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let column: usize = 0; column < <usize>columns; column++)
      store<f32>(to + (column << 2), load<f32>(from + (column << 2)));
    from += 32;
    to += toStep;
  }
}
