import { svgElement } from './mark.ts';
import { seriesColor } from './palette.ts';

/** What a series is called. */
export interface SeriesName {
  /** Chooses the colour, as in the data. */
  readonly series: number;
  readonly name: string;
}

/** The legend of named series. */
export function seriesLegend(names: readonly SeriesName[]): LegendEntry[] {
  return names.map(({ series, name }) => ({ name, color: seriesColor(series) }));
}

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

/** The elements of the legend. */
export function drawLegend(
  document: Document,
  entries: readonly LegendEntry[],
  { width, top, rowHeight }: { readonly width: number; readonly top: number; readonly rowHeight: number },
): SVGElement[] {
  const places = flow(entries, width);
  return entries.flatMap(({ name, color, dashed }, index) => {
    const { x, row } = places[index]!;
    const y = top + (row + 0.5) * rowHeight;
    const text = svgElement(document, 'text', {
      x: String(x + swatch + 5),
      y: String(y),
      dy: '0.35em',
      'text-anchor': 'start',
    });
    text.textContent = name;
    return [
      svgElement(document, 'path', {
        d: `M${x},${y}h${swatch}`,
        stroke: color,
        'stroke-width': '2.5',
        ...(dashed ? { 'stroke-dasharray': '4 3' } : {}),
      }),
      text,
    ];
  });
}
