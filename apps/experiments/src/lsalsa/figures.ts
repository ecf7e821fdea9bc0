import { arrange, type Curve, curvePlot, imageGrid, scatterPlot } from '@unrolled/plots';
import { at, of, timeOf } from './claims.ts';
import type { JobResult } from './job.ts';
import { type Method, methods } from './methods.ts';
import type { PartResult } from './part.ts';

export const titles: { readonly [M in Method]: string } = {
  fista: 'FISTA',
  salsa: 'SALSA',
  lista: 'LISTA',
  lsalsa: 'LSALSA',
};

const size = { width: 520, height: 320 } as const;

/** Some number of every method against T, or against the time that T takes. */
function curves(part: PartResult, value: (run: JobResult) => number, x: (run: JobResult) => number): Curve[] {
  return methods.map((method) => {
    const runs = of(part, method);
    return {
      name: titles[method],
      x: runs.map(x),
      y: runs.map(value),
      dashed: method === 'fista' || method === 'salsa',
    };
  });
}

/** RMSE against T and against time. */
export function errorFigure(part: PartResult): string {
  const rmse = (run: JobResult): number => Math.max(run.rmse, 1e-7);
  const axes = { yLabel: 'RMSE to the optimal codes', xScale: 'log', yScale: 'log', ...size } as const;
  return arrange([
    [
      curvePlot(
        curves(part, rmse, ({ layers }) => layers),
        { ...axes, xLabel: 'T' },
      ),
      curvePlot(
        curves(part, rmse, ({ method, layers }) => timeOf(part, method, layers)),
        { ...axes, xLabel: 'Time of a signal (µs)' },
      ),
    ],
  ]);
}

/** PSNR of every component against T. */
export function psnrFigure(part: PartResult, components: readonly string[]): string {
  return arrange([
    components.map((name, index) =>
      curvePlot(
        curves(
          part,
          ({ psnr }) => psnr[index]!,
          ({ layers }) => layers,
        ),
        { xLabel: 'T', yLabel: `PSNR of the ${name} (dB)`, xScale: 'log', ...size },
      ),
    ),
  ]);
}

/** Sparsity against RMSE of single examples, for some T. */
export function cloudFigure(part: PartResult, depths: readonly number[]): string {
  const figures = depths.flatMap((layers) => {
    const runs = methods.flatMap((method) => at(part, method, layers) ?? []);
    if (runs.length === 0) return [];
    const points = runs.flatMap(({ cloud }, series) =>
      cloud.map(([sparsity, rmse]) => ({ sparsity, rmse, series })),
    );
    return [
      scatterPlot(
        points.map(({ sparsity }) => sparsity),
        points.map(({ rmse }) => rmse),
        {
          series: points.map(({ series }) => series),
          seriesNames: runs.map(({ method }, series) => ({ series, name: titles[method] })),
          xLabel: 'Sparsity (share of zeros)',
          yLabel: 'RMSE',
          title: `T = ${layers}`,
          ...size,
        },
      ),
    ];
  });
  return arrange(chunked(figures, 2));
}

/** The components of the first test signals as every method finds them, one row a method. */
export function separationFigure(part: PartResult, source: number, depths: readonly number[]): string {
  const features = part.prepared.features;
  const side = Math.sqrt(features);
  const rows = depths.map((layers) => {
    const runs = methods.flatMap((method) => at(part, method, layers) ?? []);
    const count = runs[0]!.pictures[source]!.length / features;
    return imageGrid(
      { data: runs.flatMap(({ pictures }) => pictures[source]!), shape: [runs.length * count, side, side] },
      {
        columns: count,
        title: `T = ${layers}: ${runs.map(({ method }) => titles[method]).join(', ')}, from the top`,
        width: 420,
      },
    );
  });
  return arrange(chunked(rows, 2));
}

function chunked<T>(list: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / length) }, (_, index) =>
    list.slice(index * length, (index + 1) * length),
  );
}
