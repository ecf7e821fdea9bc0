import { type RenderFunction, scale } from '@observablehq/plot';
import { refuse, requireShape } from '@unrolled/contracts';
import { requireLength, requireValues } from './checks.ts';
import { pathMark, pixel } from './mark.ts';
import { divergingScheme, sequentialScheme } from './palette.ts';

/** A unit square at column x, row y. */
export interface Cell {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

/** Steps that an eye can tell apart on a page: cells of one step are one path. */
const steps = 64;

/** A colour for every value: viridis, or blue to red where the range has both signs, then symmetric about 0. */
export function colorScale([low, high]: readonly [number, number]): {
  readonly range: readonly [number, number];
  readonly color: (value: number) => string;
} {
  const signed = low < 0 && high > 0;
  const reach = Math.max(-low, high);
  const range: [number, number] = signed ? [-reach, reach] : [low, low === high ? low + 1 : high];
  const scheme = signed ? divergingScheme : sequentialScheme;
  const colors = scale({ color: { type: 'linear', scheme, domain: [0, steps - 1], reverse: signed } });
  return {
    range,
    color: (value) => {
      const part = Math.min(1, Math.max(0, (value - range[0]) / (range[1] - range[0])));
      return colors.apply(Math.round(part * (steps - 1))) as string;
    },
  };
}

/** One path a colour. Neighbours overlap by a hair, so that no background shines through between them. */
export function cellMarks(cells: readonly Cell[], color: (value: number) => string): RenderFunction[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const fill = color(cell.value);
    if (!groups.has(fill)) groups.set(fill, []);
    groups.get(fill)!.push(cell);
  }
  return [...groups].map(([fill, members]) =>
    pathMark({ fill, stroke: 'none', 'shape-rendering': 'crispEdges' }, ({ x, y }) => {
      const size = `h${pixel(x(1) - x(0) + 0.3)}v${pixel(y(1) - y(0) + 0.3)}h${pixel(x(0) - x(1) - 0.3)}z`;
      return members.map((cell) => `M${pixel(x(cell.x))},${pixel(y(cell.y))}${size}`).join('');
    }),
  );
}

/** A shape of this layout, no axis of length 0, and as many finite values. */
export function requireGrid(
  name: string,
  { data, shape }: { readonly data: ArrayLike<number>; readonly shape: readonly number[] },
  layout: string,
): readonly number[] {
  requireShape(`${name}.shape`, shape, new Array<number>(layout.split(',').length).fill(-1), layout);
  const size = shape.reduce((product, axis) => product * axis, 1);
  if (!(size > 0)) refuse(`${name}.shape`, shape, 'no axis of length 0');
  requireLength(`${name}.data`, data, size, 'entry of the shape');
  requireValues(`${name}.data`, data);
  return shape;
}
