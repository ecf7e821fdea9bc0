import * as Plot from '@observablehq/plot';
import { requirePositive } from '@unrolled/contracts';
import { parseHTML } from 'linkedom';
import { type LegendEntry, legendMark, legendRows } from './legend.ts';
import { ink } from './palette.ts';

/** What every figure takes. */
export interface FigureOptions {
  /** Width, px. Default 720. */
  readonly width?: number | undefined;
  /** Height, px. Default 260, or what the rows of the figure need. */
  readonly height?: number | undefined;
  /** Drawn above the figure, and read aloud for it. */
  readonly title?: string | undefined;
}

/** What a figure is made of: the options of Observable Plot, and a legend. */
export interface FigureParts extends FigureOptions {
  readonly width: number;
  readonly height: number;
  readonly legend?: readonly LegendEntry[];
  readonly plot: Omit<Plot.PlotOptions, 'width' | 'height' | 'document' | 'title'>;
}

const titleHeight = 20;
const rowHeight = 16;
/** Plot writes the name of the y axis above the axis: this much room is kept for it. */
const axisLabelHeight = 24;

/** Height that title and legend take above the axes, px. */
export function headHeight(parts: Pick<FigureParts, 'title' | 'legend' | 'width'>): number {
  return (parts.title ? titleHeight : 0) + legendRows(parts.legend ?? [], parts.width) * rowHeight;
}

/**
 * An SVG that stands alone: with its namespace, an explicit size and view box, generic fonts, one ink that reads on white
 * and on dark, and no style sheet, script, id or link. Scales, ticks and axes are those of Observable Plot, drawn into a
 * `linkedom` document: Node has no other.
 */
export function figure(parts: FigureParts): string {
  requirePositive('width', parts.width);
  requirePositive('height', parts.height);
  const { document } = parseHTML('<html><body></body></html>') as unknown as { document: Document };
  const legend = parts.legend ?? [];
  const head = headHeight(parts);
  const top = parts.plot.marginTop ?? axisLabelHeight;
  const marks = [...(parts.plot.marks ?? [])];
  if (legend.length > 0) marks.push(legendMark(legend, parts.title ? titleHeight : 0, rowHeight));

  const svg = Plot.plot({
    ...parts.plot,
    width: parts.width,
    height: parts.height,
    marginTop: top + head,
    document,
    marks,
  });
  svg.removeAttribute('class');
  for (const style of svg.querySelectorAll('style')) style.remove();
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('font-family', 'system-ui, sans-serif');
  svg.setAttribute('font-size', '11');
  svg.setAttribute('style', `color:${ink};max-width:100%;height:auto`);
  if (parts.title) addTitle(document, svg, parts.title);
  return serialize(svg.outerHTML);
}

/** The title twice: for readers of the screen, and for readers of the page. */
function addTitle(document: Document, svg: Element, title: string): void {
  const spoken = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  spoken.textContent = title;
  const drawn = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  drawn.textContent = title;
  const attributes = { x: '2', y: '13', 'text-anchor': 'start', 'font-size': '13', 'font-weight': '600' };
  for (const [name, value] of Object.entries(attributes)) drawn.setAttribute(name, value);
  svg.prepend(spoken, drawn);
}

// Characters that XML 1.0 has no way to write, not even escaped, lone surrogates among them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Well-formed XML, with coordinates to a hundredth of a pixel: the rest is bytes that nobody sees. */
function serialize(markup: string): string {
  return markup
    .replace(notXml, '\ufffd')
    .replace(/<[^>]*>/g, (tag) =>
      tag.replace(/-?\d+\.\d{3,}/g, (number) => String(Number((+number).toFixed(2)))),
    );
}
