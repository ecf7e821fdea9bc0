import type { RenderFunction } from '@observablehq/plot';
import { svgElement } from './mark.ts';

/** One line of a legend: a stroke as in the figure, and what it means. */
export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  readonly dashed?: boolean | undefined;
}

const swatch = 18;
const gap = 16;

/** Width of a line of text at 11 px, px: there is no font to ask, so an average that errs on the wide side. */
const textWidth = (text: string): number => text.length * 6.4;

/** Where each entry goes when they flow in rows of this width. */
function flow(
  entries: readonly LegendEntry[],
  width: number,
): { readonly x: number; readonly row: number }[] {
  let x = 2;
  let row = 0;
  return entries.map((entry) => {
    const needed = swatch + 5 + textWidth(entry.name) + gap;
    if (x > 2 && x + needed > width) {
      x = 2;
      row++;
    }
    const place = { x, row };
    x += needed;
    return place;
  });
}

/** How many rows the legend takes in a figure of this width. */
export function legendRows(entries: readonly LegendEntry[], width: number): number {
  return entries.length === 0 ? 0 : flow(entries, width).at(-1)!.row + 1;
}

/** Draws the legend above the axes. */
export function legendMark(entries: readonly LegendEntry[], top: number, rowHeight: number): RenderFunction {
  return (_index, _scales, _values, dimensions, context) => {
    const group = svgElement(context, 'g', { 'text-anchor': 'start' });
    const places = flow(entries, dimensions.width);
    for (const [index, entry] of entries.entries()) {
      const { x, row } = places[index]!;
      const y = top + row * rowHeight + rowHeight / 2;
      const dash = entry.dashed ? { 'stroke-dasharray': '4 3' } : {};
      group.append(
        svgElement(context, 'path', {
          d: `M${x},${y}h${swatch}`,
          stroke: entry.color,
          'stroke-width': '2.5',
          ...dash,
        }),
      );
      const text = svgElement(context, 'text', { x: String(x + swatch + 5), y: String(y), dy: '0.35em' });
      text.textContent = entry.name;
      group.append(text);
    }
    return group;
  };
}
