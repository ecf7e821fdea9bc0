import { rasterPlot, scatterPlot, seriesColors } from '@unrolled/plots';
import { html, trusted } from './html.ts';
import { whole } from './numbers.ts';
import type { Section } from './section.ts';
import type { Subject } from './subject.ts';
import { captioned } from './tables.ts';
import { mostActive } from './templates-section.ts';

const shownUnitsAtMost = 40;
/** Longer recordings get a second raster in which single spikes can be seen, s. */
const zoom = 10;

/** When each unit fired, and how its amplitude went on. */
export function activitySection({ units, seconds, unit }: Subject): Section | undefined {
  const shown = mostActive(units, shownUnitsAtMost).filter(({ times }) => times.length > 0);
  if (shown.length === 0) return undefined;
  const times = joined(shown.map((one) => one.times));
  const rows = joined(shown.map((one, row) => new Float64Array(one.times.length).fill(row)));
  const series = joined(shown.map((one) => new Float64Array(one.times.length).fill(one.index)));
  const deflections = joined(shown.map((one) => one.deflections));
  const rowNames = shown.map(({ name }) => name);
  const raster = (range: readonly [number, number]): string =>
    rasterPlot(times, rows, { rowNames, range, series: shown.map(({ index }) => index), width: 960 });
  const middle = Math.max(0, seconds / 2 - zoom / 2);
  const body = html`
${shown.length < units.length ? html`<p>The ${shown.length} units with the most spikes of ${whole(units.length)}.</p>` : undefined}
<h3>Raster</h3>
${captioned(trusted(raster([0, seconds])), seconds > 2 * zoom ? 'The whole recording.' : undefined)}
${seconds > 2 * zoom ? captioned(trusted(raster([middle, middle + zoom])), `${zoom} s from its middle.`) : undefined}
<h3>Amplitudes over time</h3>
${captioned(
  trusted(
    scatterPlot(times, deflections, {
      series,
      seriesNames:
        shown.length <= seriesColors.length ? shown.map(({ index, name }) => ({ series: index, name })) : [],
      xLabel: 'Time (s)',
      yLabel: `Largest deflection (${unit})`,
      xRange: [0, seconds],
      width: 960,
      height: 320,
      maximumPoints: pointsAtMost,
    }),
  ),
  `One point a spike${times.length > pointsAtMost ? `, of ${whole(times.length)} every ${Math.ceil(times.length / pointsAtMost)}.` : '.'} Colours are those of the raster. A drift, or an amplitude cut off below, shows here.`,
)}`;
  return { id: 'activity', title: 'Activity', body };
}

const pointsAtMost = 20_000;

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
