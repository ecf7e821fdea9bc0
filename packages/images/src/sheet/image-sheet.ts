import { requireFinite, requireInteger, requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import { type Image, image, requireImage } from '../image.ts';
import { hasInk, textHeight, textWidth } from './pixel-font.ts';

/** A picture of a sheet, and what stands above it. */
export interface SheetCell {
  readonly picture: Image;
  /** One line of plain letters, digits and signs. */
  readonly caption?: string;
}

/** Options of {@link imageSheet}. */
export interface SheetOptions {
  /** How many pixels of the sheet a pixel of the pictures is wide. Default: enough to make the widest picture 240 pixels wide. */
  readonly scale?: number;
  /** Around and between the pictures, pixels of the sheet. Default 16. */
  readonly gap?: number;
  /** 0 black to 1 white; default 1. */
  readonly background?: number;
}

/** Of the letters of captions. */
const letter = 2;

/**
 * Pictures in rows on one, each below its caption: what went in beside what came out, or the atoms of a dictionary. Pictures are
 * enlarged without smoothing and not stretched to any range.
 *
 * @param rows of grey pictures, or of grey and coloured ones (a coloured picture makes the sheet one)
 * @throws INVALID_SHAPE where there is no picture, or one with opacity
 * @example
 * const sheet = imageSheet([[{ picture: mixture, caption: 'mixture' }, { picture: strokes, caption: 'component 1' }]]);
 * writeFileSync('sheet.png', encodePng(sheet));
 */
export function imageSheet(rows: readonly (readonly SheetCell[])[], options: SheetOptions = {}): Image {
  requireKnownOptions('imageSheet', options, ['scale', 'gap', 'background']);
  requireCells(rows);
  const cells = rows.flat();
  const widest = Math.max(...cells.map(({ picture }) => picture.width));
  const scale = requireInteger('scale', options.scale ?? Math.max(1, Math.ceil(240 / widest)));
  const gap = requireInteger('gap', options.gap ?? 16, 0);
  const background = requireFinite('background', options.background ?? 1);
  const channels = cells.some(({ picture }) => picture.channels === 3) ? 3 : 1;

  const columnCount = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columnCount }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column], scale))),
  );
  const heights = rows.map((row) => Math.max(...row.map((cell) => heightOf(cell, scale))));
  const width = gap + sum(widths.map((size) => size + gap));
  const height = gap + sum(heights.map((size) => size + gap));
  const data = new Float32Array(height * width * channels).fill(background);
  const paint = (row: number, column: number, value: (channel: number) => number): void => {
    for (let channel = 0; channel < channels; channel++)
      data[(row * width + column) * channels + channel] = value(channel);
  };

  rows.forEach((row, line) => {
    const top = gap + sum(heights.slice(0, line).map((size) => size + gap));
    row.forEach(({ picture, caption }, column) => {
      const left = gap + sum(widths.slice(0, column).map((size) => size + gap));
      const characters = Array.from(caption ?? '');
      // As far from the background as reads well, and no farther.
      const ink = background > 0.5 ? background - 0.75 : background + 0.75;
      for (let y = 0; y < letter * textHeight; y++)
        for (let x = 0; x < letter * textWidth(caption ?? ''); x++)
          if (hasInk(characters, Math.floor(y / letter), Math.floor(x / letter)))
            paint(top + y, left + x, () => ink);
      const start = top + captionHeight(caption);
      for (let y = 0; y < picture.height * scale; y++) {
        for (let x = 0; x < picture.width * scale; x++) {
          const at = (Math.floor(y / scale) * picture.width + Math.floor(x / scale)) * picture.channels;
          paint(start + y, left + x, (channel) => picture.data[at + (picture.channels === 3 ? channel : 0)]!);
        }
      }
    });
  });
  return image(data, { height, width, channels });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** A caption, and a little room below it. */
const captionHeight = (caption: string | undefined): number =>
  caption === undefined ? 0 : letter * textHeight + 6;

const widthOf = (cell: SheetCell | undefined, scale: number): number =>
  cell ? Math.max(scale * cell.picture.width, letter * textWidth(cell.caption ?? '')) : 0;

const heightOf = ({ picture, caption }: SheetCell, scale: number): number =>
  captionHeight(caption) + scale * picture.height;

function requireCells(rows: readonly (readonly SheetCell[])[]): void {
  if (!Array.isArray(rows) || rows.length === 0 || rows.some((row) => !(row?.length > 0))) {
    throw new UnrolledError('INVALID_SHAPE', 'rows: expected at least one picture in every row');
  }
  rows.forEach((row, line) => {
    row.forEach((cell: SheetCell, column: number) => {
      const name = `rows[${line}][${column}].picture`;
      const { channels } = requireImage(name, cell?.picture);
      if (channels !== 1 && channels !== 3) {
        throw new UnrolledError('INVALID_SHAPE', `${name}: expected 1 or 3 channels, got ${channels}`);
      }
    });
  });
}
