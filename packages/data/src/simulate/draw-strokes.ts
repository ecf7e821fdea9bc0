import type { Stroke } from './digit-strokes.ts';

/** A picture to draw on: one number a pixel, row by row. */
export interface Canvas {
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** How and where strokes are drawn, all in pixels. */
export interface Pen {
  /** Where the unit square begins, and how long its sides are. */
  readonly top: number;
  readonly left: number;
  readonly size: number;
  /** Of a line. */
  readonly thickness: number;
  /** Over how many pixels an edge fades. */
  readonly blur: number;
  /** What a line adds up to in its middle; where lines meet they do not add. */
  readonly brightness: number;
}

/** Draws strokes: a pixel is as bright as it is near to a line. */
export function drawStrokes({ data, height, width }: Canvas, strokes: readonly Stroke[], pen: Pen): void {
  const { top, left, size, thickness, blur, brightness } = pen;
  const reach = thickness / 2 + blur;
  for (const stroke of strokes) {
    for (let index = 0; index + 1 < stroke.length; index++) {
      const [x0, y0] = [left + size * stroke[index]![0], top + size * stroke[index]![1]];
      const [x1, y1] = [left + size * stroke[index + 1]![0], top + size * stroke[index + 1]![1]];
      const firstRow = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
      const lastRow = Math.min(height - 1, Math.ceil(Math.max(y0, y1) + reach));
      const firstColumn = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
      const lastColumn = Math.min(width - 1, Math.ceil(Math.max(x0, x1) + reach));
      for (let row = firstRow; row <= lastRow; row++) {
        for (let column = firstColumn; column <= lastColumn; column++) {
          const away = distance(column + 0.5, row + 0.5, [x0, y0], [x1, y1]);
          const part = Math.min(1, Math.max(0, (thickness / 2 - away) / blur + 0.5));
          const at = row * width + column;
          // A smooth step: its edge has no corner.
          data[at] = Math.max(data[at]!, brightness * part * part * (3 - 2 * part));
        }
      }
    }
  }
}

/** From a point to a line between two others. */
function distance(x: number, y: number, from: readonly [number, number], to: readonly [number, number]) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - from[0]) * dx + (y - from[1]) * dy) / length;
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from[0] - part * dx, y - from[1] - part * dy);
}
