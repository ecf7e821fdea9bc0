import { type Cell, cellMarks, colorScale, requireGrid } from './cells.ts';
import { requireFigureOptions, requireRange } from './checks.ts';
import { brief, extentOf } from './extent.ts';
import { type FigureOptions, figure } from './figure.ts';

/** Values `[rows, columns]`, the last axis fastest. */
export interface Grid {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Options of `heatmap`. */
export interface HeatmapOptions extends FigureOptions {
  readonly xLabel?: string | undefined;
  readonly yLabel?: string | undefined;
  /** What the colours mean, with its unit. Default `'Value'`. */
  readonly label?: string | undefined;
  /** Values of the lowest and the highest colour. Default: from the data, symmetric about 0 where they have both signs. */
  readonly range?: readonly [number, number] | undefined;
}

/**
 * A matrix in colours, the first row at the top: viridis, or blue to red around zero where values have both signs.
 *
 * @throws UnrolledError where the shape is not `[rows, columns]` or a value is not finite.
 * @example
 * heatmap({ data: [1, 0.2, 0.2, 1], shape: [2, 2] }, { xLabel: 'Atom', yLabel: 'Atom', label: 'Coherence' });
 */
export function heatmap(grid: Grid, options: HeatmapOptions = {}): string {
  requireFigureOptions('heatmap', options, ['xLabel', 'yLabel', 'label', 'range']);
  const [rows, columns] = requireGrid('grid', grid, '[rows, columns]') as [number, number];
  if (options.range) requireRange('range', options.range);
  const { width = 480, height = 360, title, xLabel = 'Column', yLabel = 'Row', label = 'Value' } = options;
  const scale = colorScale(options.range ?? extentOf(grid.data));
  const cells: Cell[] = Array.from({ length: rows * columns }, (_, index) => ({
    x: index % columns,
    y: Math.floor(index / columns),
    value: grid.data[index]!,
  }));
  const [low, high] = scale.range;
  return figure({
    width,
    height,
    title,
    legend: [low, (low + high) / 2, high].map((value, index) => ({
      name: index === 2 ? `${brief(value)} · ${label}` : brief(value),
      color: scale.color(value),
    })),
    plot: {
      marginLeft: 48,
      x: { label: xLabel, domain: [0, columns] },
      y: { label: yLabel, domain: [rows, 0] },
      marks: cellMarks(cells, scale.color),
    },
  });
}
