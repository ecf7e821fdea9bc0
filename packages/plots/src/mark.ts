import type { RenderFunction } from '@observablehq/plot';

/** Attributes of an SVG element. */
export type Attributes = { readonly [name: string]: string };

/** Data to pixels, and where the axes end. */
export interface Projection {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** An SVG element of a figure's document. */
export function svgElement(document: Document, name: string, attributes: Attributes): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/**
 * A mark drawn as one path. Plot's own marks make one element, or one object, a datum; a raster of an hour has a million of
 * them. The axes' domains must be given to Plot, which does not look into such a mark.
 */
export function pathMark(attributes: Attributes, build: (projection: Projection) => string): RenderFunction {
  return (_index, scales, _values, dimensions, context) => {
    const { width, height, marginLeft, marginRight, marginTop, marginBottom } = dimensions;
    const d = build({
      x: scales.x as (value: number) => number,
      y: scales.y as (value: number) => number,
      left: marginLeft,
      right: width - marginRight,
      top: marginTop,
      bottom: height - marginBottom,
    });
    return svgElement(context.document, 'path', {
      fill: 'none',
      'stroke-linejoin': 'round',
      ...attributes,
      d,
    });
  };
}

/** A pixel coordinate as a path writes it: to a tenth. */
export function pixel(value: number): string {
  return String(Math.round(value * 10) / 10);
}
