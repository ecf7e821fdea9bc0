import { correlogramMatrix, histogram } from '@unrolled/plots';
import { html, trusted } from './html.ts';
import { counted, percent, whole } from './numbers.ts';
import type { Section } from './section.ts';
import { refractoryPeriod, type Subject } from './subject.ts';
import { captioned } from './tables.ts';
import { mostActive } from './templates-section.ts';

const shownUnitsAtMost = 40;

/** Intervals between the spikes of each unit: a neuron has none below its refractory period. */
export function intervalsSection({ units }: Subject): Section | undefined {
  const shown = mostActive(units, shownUnitsAtMost).filter(({ intervals }) => intervals.length > 0);
  if (shown.length === 0) return undefined;
  const body = html`<div class="grid narrow">${shown.map(({ name, index, intervals, violations }) => {
    const figure = histogram(
      intervals.map((interval) => 1000 * interval),
      {
        title: name,
        series: index,
        xLabel: 'Inter-spike interval (ms)',
        range: [0, 100],
        binWidth: 2,
        threshold: { at: 1000 * refractoryPeriod, label: `${1000 * refractoryPeriod} ms` },
        width: 310,
        height: 210,
      },
    );
    const beyond = intervals.reduce((sum, interval) => sum + (interval > 0.1 ? 1 : 0), 0);
    return captioned(
      trusted(figure),
      `${counted(violations, 'violation')}, ${percent(violations / intervals.length)} of ${counted(intervals.length, 'interval')}; ${whole(beyond)} longer than 100 ms.`,
    );
  })}</div>`;
  return { id: 'intervals', title: 'Inter-spike intervals', body };
}

/** Trains of the largest correlogram matrix that is still read. */
const trainsAtMost = 12;

/** Auto- and cross-correlograms. */
export function correlogramsSection({ units }: Subject): Section | undefined {
  const shown = mostActive(units, trainsAtMost).filter(({ times }) => times.length > 0);
  if (shown.length === 0) return undefined;
  const figure = correlogramMatrix(
    shown.map(({ times }) => times),
    {
      names: shown.map(({ name }) => name),
      series: shown.map(({ index }) => index),
      width: Math.min(960, 160 + 220 * shown.length),
    },
  );
  const body = html`
<p>On the diagonal, in colour, each unit with itself: a gap at zero is its refractory period. Above it each pair of units: a
gap at zero shared by two units may mean that they are one neuron, a peak that one spike is counted twice. The number in a
cell is that of the pairs in its highest bin of 1 ms.${
    shown.length < units.length
      ? ` The ${shown.length} units with the most spikes of ${whole(units.length)}.`
      : ''
  }</p>
${captioned(trusted(figure))}`;
  return { id: 'correlograms', title: 'Correlograms', body };
}
