import * as Plot from '@observablehq/plot';
import { requirePositive } from '@unrolled/contracts';
import { parseHTML } from 'linkedom';
import { drawLegend, type LegendEntry, legendRows } from './legend.ts';
import { svgElement } from './mark.ts';
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
/** Room for the name of the y axis, which Plot writes above the axis, and for the x axis with its name, px. */
const axisMargins = { marginTop: 26, marginBottom: 40 };

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
  const { title, legend = [], width, height } = parts;
  const head = headHeight(parts);
  const svg = Plot.plot({ ...axisMargins, ...parts.plot, width, height: height - head, document });
  for (const style of svg.querySelectorAll('style')) style.remove();
  // Plot writes the names of axes at the edge of its picture: title and legend need a place of their own above it.
  const body = svgElement(document, 'g', head > 0 ? { transform: `translate(0,${head})` } : {});
  body.append(...svg.childNodes);
  svg.append(...titleElements(document, title));
  svg.append(...drawLegend(document, legend, { width, top: title ? titleHeight : 0, rowHeight }));
  svg.append(body);
  svg.removeAttribute('class');
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    height: String(height),
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'font-family': 'system-ui, sans-serif',
    'font-size': '11',
    style: `color:${ink};max-width:100%;height:auto`,
  };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  return serialize(svg.outerHTML);
}

/** The title twice: for readers of the screen, and for readers of the page. */
function titleElements(document: Document, title: string | undefined): SVGElement[] {
  if (!title) return [];
  const spoken = svgElement(document, 'title', {});
  const drawn = svgElement(document, 'text', {
    x: '2',
    y: '13',
    'text-anchor': 'start',
    'font-size': '13',
    'font-weight': '600',
  });
  spoken.textContent = title;
  drawn.textContent = title;
  return [spoken, drawn];
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
