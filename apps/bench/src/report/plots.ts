import { barPlot, type Curve, curvePlot } from '@unrolled/plots';
import type { VariantResult } from '../benchmark.ts';
import { duration } from '../goals.ts';
import type { KeptResult } from './store.ts';

/** The pictures of a page by their file names: the times of each case, and how they grow where a case varies its sizes. */
export function figures(kept: readonly KeptResult[]): Record<string, string> {
  const pictures: Record<string, string> = {};
  for (const { name, variants } of kept) {
    const bars = variants.filter((variant) => growthOf(variant) === undefined);
    if (bars.length > 1) pictures[`${name}.svg`] = timesFigure(bars);
    const growth = growthFigure(variants);
    if (growth !== undefined) pictures[`${name}-by-size.svg`] = growth;
  }
  return pictures;
}

const timesFigure = (variants: readonly VariantResult[]): string =>
  barPlot(
    [...variants]
      .sort((a, b) => a.seconds - b.seconds)
      .map(({ name, seconds }) => ({
        name,
        value: seconds,
        label: duration(seconds),
        series: name.startsWith('unrolled') ? 0 : name.startsWith('tfjs') ? 1 : 2,
      })),
    { xLabel: 'Time (s)', xScale: 'log', width: 640 },
  );

/** What is varied in a variant such as `unrolled-8-atoms`, and to what. */
function growthOf({ name }: VariantResult): { readonly of: string; readonly to: number } | undefined {
  const [, to, of] = /^unrolled-(\d+)-(atoms|channels|hz)$/.exec(name) ?? [];
  return of === undefined ? undefined : { of, to: Number(to) };
}

/** The sizes of the case itself, where the curves meet. */
const full: { readonly [of: string]: number } = { atoms: 32, channels: 32, hz: 30 };

/** Time against how much there is of each, as a part of the case's own. */
function growthFigure(variants: readonly VariantResult[]): string | undefined {
  const own = variants.find(({ name }) => name === 'unrolled');
  const points = variants.flatMap((variant) => {
    const growth = growthOf(variant);
    return growth === undefined ? [] : [{ ...growth, seconds: variant.seconds }];
  });
  if (own === undefined || points.length === 0) return undefined;
  const curves = [...new Set(points.map(({ of }) => of))].map((of): Curve => {
    const along = [
      ...points.filter((point) => point.of === of).map(({ to, seconds }) => ({ to, seconds })),
      { to: full[of]!, seconds: own.seconds },
    ].sort((a, b) => a.to - b.to);
    return {
      name: of === 'hz' ? 'spikes a second, of 30 Hz' : `${of}, of ${full[of]}`,
      x: along.map(({ to }) => to / full[of]!),
      y: along.map(({ seconds }) => seconds),
    };
  });
  return curvePlot(curves, {
    xLabel: 'Part of the case’s own number',
    yLabel: 'Time (s)',
    xScale: 'log',
    yScale: 'log',
    width: 640,
    height: 320,
  });
}
