import { encodePng, image } from '@unrolled/images';
import { arrange, type Curve, curvePlot, scatterPlot } from '@unrolled/plots';
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

/** How much a pixel is enlarged, so that a patch is as large as a thumbnail. */
const thumbnail = 64;

/**
 * The components of the first test signals at one T, as a PNG file: the truth in the first row, below it what every method finds; the
 * components of a signal stand beside each other. Photographs, whose means were taken out, are shown around grey.
 */
export function separationSheet(part: PartResult, layers: number): Uint8Array {
  const { features, shown } = part.prepared;
  const side = Math.sqrt(features);
  const scale = Math.max(1, Math.round(thumbnail / side));
  const rows = [
    shown,
    ...methods.flatMap((method) => (at(part, method, layers) ? [at(part, method, layers)!.pictures] : [])),
  ];
  const sources = shown.length;
  const count = shown[0]!.length / features;
  const cell = side * scale + 2;
  const [height, width] = [rows.length * cell, count * (sources * cell + 4)];
  const sheet = new Float32Array(height * width).fill(1);
  for (const [row, components] of rows.entries()) {
    for (let signal = 0; signal < count; signal++) {
      for (const [source, values] of components.entries()) {
        const left = signal * (sources * cell + 4) + source * cell;
        for (let y = 0; y < side * scale; y++) {
          for (let x = 0; x < side * scale; x++) {
            const pixel = signal * features + Math.floor(y / scale) * side + Math.floor(x / scale);
            // The second component are photographs.
            sheet[(row * cell + y) * width + left + x] = values[pixel]! + (source === 1 ? 0.5 : 0);
          }
        }
      }
    }
  }
  return encodePng(image(sheet, { height, width }));
}

function chunked<T>(list: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / length) }, (_, index) =>
    list.slice(index * length, (index + 1) * length),
  );
}
