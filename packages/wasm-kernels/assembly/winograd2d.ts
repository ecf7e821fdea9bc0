import { packPanels, panelsOf, ROWS, tile, WIDTH } from './tile';
import { turnFilters } from './winograd/filters';
import { copyPadded, turnImage } from './winograd/image';
import { turnBack } from './winograd/results';
import { BLOCK, blocksOf, FREQUENCIES, POINTS, RESULTS, reachOf, TAPS, tilesOf } from './winograd/sizes';

// The analysis without strides by Winograd's minimal filtering F(4 × 4, 3 × 3): sixteen results out of 36 products where the
// sums by the definition take 144. Lavin & Gray 2016, "Fast algorithms for convolutional neural networks".
//
//     4 × 4 results = Aᵀ [ (G g Gᵀ) ∘ (Bᵀ d B) ] A     of 3 × 3 taps g and 6 × 6 pixels d
//
// It evaluates polynomials at 0, ±1/√2, ±√2 and infinity: their squares are ½ and 2, and the rounding is some three times that
// of the sums, where the customary 0, ±1, ±2 make it six times. Barabasz et al. 2020, "Error analysis and improving the accuracy
// of Winograd convolution for deep neural networks".
//
// A larger filter is cut into blocks of 3 × 3, whose products are summed before they are transformed back: blocks and
// channels are the terms of one matrix product for each of the 36 frequencies.

/**
 * Whether it is worth it: by the instructions of either way for one example, as one with few positions or filters that fill
 * blocks badly takes longer this way.
 */
export function prefersWinograd(
  rows: i32,
  columns: i32,
  filterHeight: i32,
  filterWidth: i32,
  channels: i32,
  atoms: i32,
): bool {
  const terms = <f64>(blocksOf(filterHeight) * blocksOf(filterWidth) * channels);
  const vectors = <f64>(panelsOf(atoms) * 2);
  const tiles = <f64>(tilesOf(rows) * tilesOf(columns));
  const ofTile = vectors * (FREQUENCIES * (2.7 * terms + 6.0) + 230.0) + 220.0 * terms;
  const ofFilters = vectors * terms * 250.0;
  const direct = <f64>rows * <f64>columns * vectors * 2.7 * <f64>(filterHeight * filterWidth * channels);
  return tiles * ofTile + 0.25 * ofFilters < 0.95 * direct;
}

/** Bytes of scratch that `winograd2d` needs. */
export function winograd2dScratch(
  rows: i32,
  columns: i32,
  filterHeight: i32,
  filterWidth: i32,
  channels: i32,
  atoms: i32,
): usize {
  const taps = filterHeight * filterWidth * channels;
  const terms = blocksOf(filterHeight) * blocksOf(filterWidth) * channels;
  const panels = panelsOf(atoms);
  const image = reachOf(rows, filterHeight) * reachOf(columns, filterWidth) * channels + 4;
  const strip = (POINTS + TAPS * blocksOf(filterWidth)) * channels * 8 + 32;
  return (
    <usize>(panels * taps) * 32 +
    <usize>(panels * FREQUENCIES) * <usize>terms * 32 +
    <usize>(FREQUENCIES * BLOCK) * (<usize>terms * 4 + 32) +
    (<usize>(image + strip + 24 * 4 + ROWS) << 2)
  );
}

/** out[b, p, q, c] = Σ_{k, l, i} y[b, p + k, q + l, i] · filters[k, l, i, c]; both strides are 1. */
export function winograd2d(
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
  _down: i32,
  _right: i32,
  scratch: usize,
): void {
  const taps = filterHeight * filterWidth * channels;
  const down = blocksOf(filterHeight);
  const right = blocksOf(filterWidth);
  const terms = down * right * channels;
  const panels = panelsOf(atoms);
  const reach = reachOf(columns, filterWidth) * channels;
  const high = reachOf(rows, filterHeight);
  const packed = scratch;
  const turned = packed + <usize>(panels * taps) * 32;
  const seen = turned + <usize>(panels * FREQUENCIES) * <usize>terms * 32;
  const products = seen + <usize>(FREQUENCIES * BLOCK) * <usize>terms * 4;
  const image = products + <usize>(FREQUENCIES * BLOCK) * 32;
  const strip = image + (<usize>(high * reach + 4) << 2);
  const half = strip + (<usize>((POINTS + TAPS * right) * channels * 8 + 32) << 2);
  const places = half + 24 * 16;
  packPanels(filters, <usize>atoms << 2, 4, taps, atoms, packed);
  turnFilters(packed, panels, filterHeight, filterWidth, channels, half, turned);
  const across = tilesOf(columns);
  const tiles = tilesOf(rows) * across;
  for (let example = 0; example < batch; example++) {
    copyPadded(y, height, width * channels, high, reach, image);
    for (let first = 0; first < tiles; first += BLOCK) {
      const count = min(BLOCK, tiles - first);
      for (let index = 0; index < count; index++) {
        const row = (first + index) / across;
        const column = (first + index) % across;
        const corner = image + (<usize>(row * RESULTS * reach + column * RESULTS * channels) << 2);
        turnImage(corner, <usize>reach << 2, down, right, channels, strip, seen + <usize>(index * terms) * 4, terms);
      }
      let from = turned;
      for (let panel = 0; panel < panels; panel++) {
        for (let frequency = 0; frequency < FREQUENCIES; frequency++) {
          for (let index = 0; index < count; index += ROWS) {
            const row = frequency * BLOCK + index;
            const step = <usize>terms << 2;
            const at = seen + <usize>row * step;
            store<usize>(places, at);
            store<usize>(places, at + step, 4);
            store<usize>(places, at + 2 * step, 8);
            store<usize>(places, at + 3 * step, 12);
            store<usize>(places, at + 4 * step, 16);
            product(places, from, terms, products + <usize>row * 32);
          }
          from += <usize>terms << 5;
        }
        const wide = min(WIDTH, atoms - panel * WIDTH);
        for (let index = 0; index < count; index++) {
          const row = ((first + index) / across) * RESULTS;
          const column = ((first + index) % across) * RESULTS;
          turnBack(
            products + <usize>index * 32,
            half,
            out + (<usize>(row * columns + column) * <usize>atoms + <usize>(panel * WIDTH)) * 4,
            <usize>columns * <usize>atoms * 4,
            <usize>atoms << 2,
            min(RESULTS, rows - row),
            min(RESULTS, columns - column),
            wide,
          );
        }
      }
    }
    y += <usize>(height * width * channels) << 2;
    out += (<usize>(rows * columns) * <usize>atoms) << 2;
  }
}

function product(places: usize, panel: usize, terms: i32, out: usize): void {
  tile(places, 4, 0, panel, terms, 1, out, 32);
}
