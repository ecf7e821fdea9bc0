import { encodePng, type Image, image, imageSheet, type Size } from '@unrolled/images';
import type { HostExamples } from '@unrolled/unroll';

/** How an atom sheet is drawn. */
export interface AtomSheetOptions {
  /** How much every atom is used, in any unit: the most used come first. Default: by norm. */
  readonly use?: readonly number[];
  /** Default: about one and a half times as many as rows. */
  readonly columns?: number;
  /** Pixels of the sheet to a pixel of an atom. Default 4. */
  readonly scale?: number;
}

/**
 * The atoms of a dictionary of grey pictures, every one stretched to the range that it has: zero is mid-grey, its greatest magnitude black
 * or white.
 *
 * @param filters `[height, width, 1, atoms]`, on the host
 * @returns a PNG file
 */
export function atomSheet({ data, shape }: HostExamples, options: AtomSheetOptions = {}): Uint8Array {
  const [height, width, , atoms] = shape as [number, number, number, number];
  const values = (atom: number): Float32Array =>
    Float32Array.from({ length: height * width }, (_, pixel) => data[pixel * atoms + atom]!);
  const use = options.use ?? Array.from({ length: atoms }, (_, atom) => Math.hypot(...values(atom)));
  const order = Array.from({ length: atoms }, (_, atom) => atom).sort((a, b) => use[b]! - use[a]!);
  const columns = options.columns ?? Math.ceil(Math.sqrt(1.6 * atoms));
  const cells = order.map((atom) => ({ picture: aroundGrey(values(atom), { height, width }) }));
  const rows = Array.from({ length: Math.ceil(atoms / columns) }, (_, row) =>
    cells.slice(row * columns, (row + 1) * columns),
  );
  return encodePng(imageSheet(rows, { scale: options.scale ?? 4, gap: 4 }));
}

/** Values as a grey picture: zero is mid-grey, the greatest magnitude black or white. */
export function aroundGrey(values: ArrayLike<number>, size: Size): Image {
  const most = Array.from(values).reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0) || 1;
  return image(
    Float32Array.from(values, (value) => 0.5 + (0.5 * value) / most),
    size,
  );
}
