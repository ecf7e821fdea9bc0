import { arrange, curvePlot, linePlot, rasterPlot } from '@unrolled/plots';
import type { RecordingResult } from './recordings.ts';
import type { SimulationRun } from './simulation.ts';

/** True filters and what was learned of them: a row a run, a column a filter. */
export function filtersFigure(runs: readonly SimulationRun[]): string {
  return arrange(
    runs.map(({ filters, scenario, variant, errors }) =>
      filters.truth.map((truth, atom) =>
        linePlot(
          [
            { name: 'true', values: truth },
            { name: 'learned', values: filters.learned[atom]!, dashed: true },
          ],
          {
            width: 320,
            height: 190,
            title: `${atom === 0 ? `${scenario}, ${variant.split(',')[0]!.replace('the ', '')}` : `filter ${atom}`}: ${errors.at(-1)![atom]!.toFixed(3)}`,
            xLabel: 'Bin',
            yLabel: 'Natural parameter',
          },
        ),
      ),
    ),
    { title: 'True and learned filters, with their error' },
  );
}

/** Mean error of the filters over the epochs, over seeds, one curve a variant; one plot a scenario. */
export function errorsFigure(runs: readonly SimulationRun[]): string {
  const scenarios = [...new Set(runs.map(({ scenario }) => scenario))];
  const plots = scenarios.map((scenario) => {
    const own = runs.filter((run) => run.scenario === scenario);
    const curves = [...new Set(own.map(({ variant }) => variant))].map((variant, index) => {
      const same = own.filter((run) => run.variant === variant);
      const epochs = same[0]!.errors.map((_, epoch) => epoch);
      const all = (epoch: number): number[] => same.flatMap(({ errors }) => errors[epoch]!);
      return {
        name: variant,
        x: epochs,
        y: epochs.map((epoch) => all(epoch).reduce((sum, error) => sum + error, 0) / all(epoch).length),
        dashed: index > 1,
      };
    });
    return curvePlot(curves, {
      title: scenario,
      xLabel: 'Epoch',
      yLabel: 'Mean shift-aware error',
      yScale: 'log',
      width: 440,
      height: 300,
      levels: [0.1],
    });
  });
  const rows = [];
  for (let start = 0; start < plots.length; start += 2) rows.push(plots.slice(start, start + 2));
  return arrange(rows, { title: 'Error of the filters over the epochs' });
}

/** The atoms of a recording. */
export function atomsFigure({ shown, bin }: RecordingResult): string {
  return linePlot(
    shown.filters.map((values, atom) => ({ name: `atom ${atom}`, values, interval: bin })),
    { width: 640, height: 240, xLabel: 'Time after the event (s)', yLabel: 'Natural parameter' },
  );
}

/** Histogram and learned rate of every group. */
export function ratesFigure(result: RecordingResult): string {
  const { shown, groupNames, bin, start } = result;
  // Bins so fine are too noisy to be seen: of many, the histogram is drawn in bins of four.
  const width = shown.histogram[0]!.length > 100 ? 4 : 1;
  const plots = groupNames.map((title, group) => {
    const counts = shown.histogram[group]!;
    const coarse = Array.from(
      { length: Math.floor(counts.length / width) },
      (_, index) =>
        counts.slice(index * width, (index + 1) * width).reduce((sum, rate) => sum + rate, 0) / width,
    );
    return linePlot(
      [
        { name: 'histogram', values: coarse, start: start + (width * bin) / 2, interval: width * bin },
        { name: 'network', values: shown.rates[group]!, start: start + bin / 2, interval: bin },
      ],
      { width: 420, height: 190, title, xLabel: 'Time (s)', yLabel: 'Spikes / s' },
    );
  });
  const rows = [];
  for (let at = 0; at < plots.length; at += 2) rows.push(plots.slice(at, at + 2));
  return arrange(rows, { title: 'Histogram and learned rate' });
}

/** Spikes of the trials of two groups, and under them the events of each atom. */
export function rasterFigure({ shown, groupNames, bin, start }: RecordingResult): string {
  const bins = shown.histogram[0]!.length;
  return arrange(
    shown.rasters.map(({ group, times, trials }) => {
      const count = Math.max(...trials) + 1;
      const events = shown.events.filter((event) => event.group === group);
      const names = [
        ...Array.from({ length: count }, (_, trial) => (trial % 5 === 0 ? `trial ${trial}` : '')),
        ...shown.filters.map((_, atom) => `events of atom ${atom}`),
      ];
      return [
        rasterPlot(
          [...times, ...events.map(({ time }) => time)],
          [...trials, ...events.map(({ atom }) => count + atom)],
          {
            title: groupNames[group]!,
            rowNames: names,
            series: names.map((_, row) => (row < count ? 0 : 1 + row - count)),
            range: [start, start + bins * bin],
            width: 720,
            height: 360,
          },
        ),
      ];
    }),
    { title: 'Spikes and events' },
  );
}
