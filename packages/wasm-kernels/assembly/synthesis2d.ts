import { collect, entryBytes, sumFilters } from './entries';
import { addToImage, transpose } from './patch';
import { packPanels, panelsOf, ROWS, tile, WIDTH } from './tile';

// The sum over the atoms at each position, which is a patch of the image: over those that are not 0 alone, or over all as a
// matrix product. What is faster is chosen for a few positions at a time. Then the patches are added up.

/** Positions of the code that are looked at at a time. */
const BLOCK: i32 = 8 * ROWS;

/** Numbers of a patch as it is computed: a multiple of a panel's. */
// @ts-ignore: decorator
@inline
function pitchOf(taps: i32): i32 {
  return panelsOf(taps) * WIDTH;
}

/** Bytes of scratch that `synthesis2d` needs. */
export function synthesis2dScratch(taps: i32, atoms: i32): usize {
  const pitch = <usize>pitchOf(taps);
  return ((2 * <usize>atoms + <usize>BLOCK) * pitch + <usize>ROWS) * 4 + entryBytes(BLOCK, atoms);
}

/**
 * out[b, p·down + k, q·right + l, i] = Σ_{p, q, c} x[b, p, q, c] · filters[k, l, i, c].
 */
export function synthesis2d(
  x: usize,
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
  const pitch = pitchOf(taps);
  const line = <usize>(width * channels) << 2;
  const positions = rows * columns;
  const codeStep = <usize>atoms << 2;
  const patchStep = <usize>pitch << 2;
  const packed = scratch;
  const transposed = packed + <usize>atoms * patchStep;
  const patches = transposed + <usize>atoms * patchStep;
  const places = patches + <usize>BLOCK * patchStep;
  const ends = places + (<usize>ROWS << 2);
  const entries = ends + (<usize>BLOCK << 2);
  let hasPacked = false;
  let hasTransposed = false;
  for (let example = 0; example < batch; example++) {
    memory.fill(out, 0, <usize>height * line);
    for (let first = 0; first < positions; first += BLOCK) {
      const count = min(BLOCK, positions - first);
      const most = (3 * count * atoms) >> 3;
      const dense = collect(x, count, atoms, most, entries, ends) > most;
      if (dense) {
        if (!hasPacked) packPanels(filters, 4, codeStep, atoms, taps, packed);
        hasPacked = true;
        makePatches(x, count, atoms, packed, pitch, patches, places);
      } else if (!hasTransposed) {
        transpose(filters, taps, atoms, pitch, transposed);
        hasTransposed = true;
      }
      let begin = entries;
      let row = first / columns;
      let column = first % columns;
      for (let index: usize = 0; index < <usize>count; index++) {
        const end = load<usize>(ends + (index << 2));
        if (dense || end > begin) {
          const image = out + <usize>(row * down) * line + (<usize>(column * right * channels) << 2);
          const patch = dense ? patches + index * patchStep : patches;
          if (!dense) sumFilters(begin, end, transposed, pitch, patches);
          addToImage(patch, run, filterHeight, image, line);
        }
        begin = end;
        column++;
        if (column == columns) {
          column = 0;
          row++;
        }
      }
      x += <usize>count * codeStep;
    }
    out += <usize>height * line;
  }
}

/** patches[n, tap] = Σ_c x[n, c] · filters[tap, c]. */
function makePatches(
  x: usize,
  count: i32,
  atoms: i32,
  packed: usize,
  pitch: i32,
  patches: usize,
  places: usize,
): void {
  const codeStep = <usize>atoms << 2;
  const patchStep = <usize>pitch << 2;
  for (let tap = 0; tap < pitch; tap += WIDTH) {
    let to = patches + (<usize>tap << 2);
    for (let index = 0; index < count; index += ROWS) {
      // Beyond the last position, its patch is made again: there is room for it.
      for (let row = 0; row < ROWS; row++)
        store<usize>(places + (<usize>row << 2), x + <usize>min(index + row, count - 1) * codeStep);
      tile(places, 4, 0, packed, atoms, 1, to, patchStep);
      to += <usize>ROWS * patchStep;
    }
    packed += <usize>atoms << 5;
  }
}
