import { addPatch, collect, entryBytes } from './entries';
import { copyFromImage } from './patch';
import { packPanel, ROWS, tile, WIDTH } from './tile';

// A sum of patches of the image, one for each entry of the code that is not 0; or, over some rows of a code that is not
// sparse, a matrix product of the image at every lag with the code. Either is summed in float32 over at most some thousand
// terms, and in float64 beyond.

/** Positions of a block of the code, where its rows are not longer. */
const BLOCK: i32 = 512;
/** Entries that are summed in float32. */
const MOST: i32 = 16384;

/** Rows of the code in a block. */
// @ts-ignore: decorator
@inline
function blockOf(rows: i32, columns: i32): i32 {
  return min(rows, max(1, BLOCK / columns));
}

/** Numbers of a patch, with zeros behind it: a multiple of four. */
// @ts-ignore: decorator
@inline
function pitchOf(taps: i32): i32 {
  return (taps + 3) & ~3;
}

/** Bytes of scratch that `filterGradient2d` needs. */
export function filterGradient2dScratch(rows: i32, columns: i32, taps: i32, atoms: i32): usize {
  const pitch = <usize>pitchOf(taps);
  const positions = blockOf(rows, columns) * columns;
  return (
    <usize>atoms * pitch * 12 +
    pitch * 4 +
    <usize>(positions + ROWS) * 32 +
    <usize>ROWS * 4 +
    entryBytes(positions, atoms)
  );
}

/**
 * out[k, l, i, c] = Σ_{b, p, q} y[b, p·down + k, q·right + l, i] · x[b, p, q, c].
 */
export function filterGradient2d(
  y: usize,
  x: usize,
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
  const pitch = pitchOf(taps);
  const line = <usize>(width * channels) << 2;
  const step = <usize>(right * channels) << 2;
  const codeStep = <usize>atoms << 2;
  const size = atoms * pitch;
  const block = blockOf(rows, columns);
  // Atom by atom: totals in float64, sums of patches in float32.
  const totals = scratch;
  const sums = totals + (<usize>size << 3);
  const patch = sums + (<usize>size << 2);
  const panel = patch + (<usize>pitch << 2);
  const result = panel + <usize>(block * columns) * 32;
  const places = result + <usize>ROWS * 32;
  const ends = places + (<usize>ROWS << 2);
  const entries = ends + (<usize>(block * columns) << 2);
  memory.fill(totals, 0, <usize>size * 12 + (<usize>pitch << 2));
  let summed = 0;
  for (let example = 0; example < batch; example++) {
    for (let first = 0; first < rows; first += block) {
      const count = min(block, rows - first);
      const positions = count * columns;
      const from = y + <usize>(first * down) * line;
      const most = (3 * positions * atoms) >> 3;
      const found = collect(x, positions, atoms, most, entries, ends);
      if (found <= most) {
        let begin = entries;
        let end = ends;
        for (let row = 0; row < count; row++) {
          let image = from + <usize>(row * down) * line;
          for (let column = 0; column < columns; column++) {
            const until = load<usize>(end);
            if (until > begin) {
              copyFromImage(image, line, run, filterHeight, patch);
              addPatch(begin, until, patch, pitch, sums);
            }
            begin = until;
            end += 4;
            image += step;
          }
        }
        summed += found;
        if (summed > MOST) {
          addTotals(sums, size, totals);
          summed = 0;
        }
      } else {
        const jump = <usize>down * line - <usize>columns * step;
        for (let atom = 0; atom < atoms; atom += WIDTH) {
          const wide = min(WIDTH, atoms - atom);
          packPanel(x + (<usize>atom << 2), codeStep, 4, positions, wide, panel);
          for (let tap = 0; tap < taps; tap += ROWS) {
            for (let row = 0; row < ROWS; row++) {
              const lag = min(tap + row, taps - 1);
              const at = <usize>(lag / run) * line + (<usize>(lag % run) << 2);
              store<usize>(places + (<usize>row << 2), from + at);
            }
            tile(places, step, jump, panel, columns, count, result, 32);
            const high = min(ROWS, taps - tap);
            addTile(result, high, wide, totals + (<usize>(atom * pitch + tap) << 3), <usize>pitch << 3);
          }
        }
      }
      x += <usize>positions * codeStep;
    }
    y += <usize>height * line;
  }
  addTotals(sums, size, totals);
  for (let atom = 0; atom < atoms; atom++) {
    for (let tap = 0; tap < taps; tap++) {
      store<f32>(
        out + (<usize>(tap * atoms + atom) << 2),
        <f32>load<f64>(totals + (<usize>(atom * pitch + tap) << 3)),
      );
    }
  }
}

/** Adds a tile [taps, atoms] to totals [atoms, taps]. */
// @ts-ignore: decorator
@inline
function addTile(result: usize, high: i32, wide: i32, totals: usize, step: usize): void {
  for (let row = 0; row < high; row++) {
    let to = totals + (<usize>row << 3);
    for (let column = 0; column < wide; column++) {
      store<f64>(to, load<f64>(to) + <f64>load<f32>(result + (<usize>(row * WIDTH + column) << 2)));
      to += step;
    }
  }
}

/** Adds the sums to the totals, and clears them. */
function addTotals(sums: usize, size: i32, totals: usize): void {
  for (let index = 0; index < size; index++) {
    store<f64>(totals, load<f64>(totals) + <f64>load<f32>(sums));
    store<f32>(sums, 0);
    totals += 8;
    sums += 4;
  }
}
