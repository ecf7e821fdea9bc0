import { requireInteger } from '@unrolled/contracts';
import { cellMarks, colorScale, requireGrid } from './cells.ts';
import { requireFigureOptions } from './checks.ts';
import { extentOf } from './extent.ts';
import { type FigureOptions, figure, headHeight } from './figure.ts';

/** Images `[images, height, width]`, the last axis fastest. */
export interface Images {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Options of `imageGrid`. */
export interface ImageGridOptions extends FigureOptions {
  /** Images in a row. Default: as many as make the grid about square. */
  readonly columns?: number | undefined;
}

/**
 * Images of one channel beside each other, each in its own range of colours: atoms of a dictionary, digits and their
 * reconstructions.
 *
 * @throws UnrolledError where the shape is not `[images, height, width]` or a value is not finite.
 * @example
 * imageGrid({ data: [0, 1, 1, 0], shape: [1, 2, 2] });
 */
export function imageGrid(images: Images, options: ImageGridOptions = {}): string {
  requireFigureOptions('imageGrid', options, ['columns']);
  const shape = requireGrid('images', images, '[images, height, width]');
  const [count, imageHeight, imageWidth] = shape as [number, number, number];
  const columns = requireInteger('columns', options.columns ?? Math.ceil(Math.sqrt(count)));
  const rows = Math.ceil(count / columns);
  const size = imageHeight * imageWidth;
  // One pixel of the images between them, and around the grid.
  const across = columns * (imageWidth + 1) + 1;
  const down = rows * (imageHeight + 1) + 1;
  const { width = 480, title } = options;
  const height = options.height ?? (width * down) / across + headHeight({ title, width });

  const marks = Array.from({ length: count }, (_, image) => {
    const pixels = Array.from({ length: size }, (_, index) => images.data[image * size + index]!);
    const cells = pixels.map((value, index) => ({
      x: 1 + (image % columns) * (imageWidth + 1) + (index % imageWidth),
      y: 1 + Math.floor(image / columns) * (imageHeight + 1) + Math.floor(index / imageWidth),
      value,
    }));
    return cellMarks(cells, colorScale(extentOf(pixels)).color);
  });
  return figure({
    width,
    height,
    title,
    plot: {
      margin: 0,
      marginTop: 0,
      marginBottom: 0,
      axis: null,
      x: { domain: [0, across] },
      y: { domain: [down, 0] },
      marks: marks.flat(),
    },
  });
}
