import { templatePlot } from '@unrolled/plots';
import type { FloatArray } from '../sorting.ts';
import { html, trusted } from './html.ts';
import { whole } from './numbers.ts';
import type { Section } from './section.ts';
import { pickChannels, type ReportUnit, type Subject } from './subject.ts';
import { captioned } from './tables.ts';
import { matchTemplates } from './true-templates.ts';

/** More rows than this are no figure any more. */
const shownUnitsAtMost = 40;

/** The templates by channel, the truth behind them where it is known. */
export function templatesSection(subject: Subject): Section | undefined {
  const { units, unit, shownChannels, input } = subject;
  if (units.length === 0) return undefined;
  const { sorting, truth } = input;
  const known = truth?.templates ? matchTemplates(sorting.templates, truth.templates) : undefined;
  const shown = mostActive(units, shownUnitsAtMost);
  const pick = (templates: FloatArray): FloatArray => pickTemplates(templates, shown, shownChannels);
  const figure = templatePlot(pick(sorting.templates), {
    series: shown.map(({ index }) => index),
    rate: sorting.rate,
    unit,
    width: Math.min(960, 240 + 200 * shownChannels.length),
    unitNames: shown.map(({ index, name }) => {
      const error = known?.errors[index];
      return error === undefined ? name : `${name} · error ${error.toFixed(3)}`;
    }),
    channelNames: shownChannels.map((channel) => `channel ${channel}`),
    origin: shown.map(({ index }) => sorting.peaks[index]!.sample),
    ...(known ? { truth: pick(known.aligned) } : {}),
  });
  const body = html`
<p>One row a unit, one column a channel, all on one scale; time zero is the unit's peak.${
    shown.length < units.length
      ? ` The ${shown.length} units with the most spikes of ${whole(units.length)}.`
      : ''
  }${
    known
      ? ' Grey, behind: the true template, shifted and scaled onto the learned one. The error is √(1 − c²), c the largest cross-correlation of the two at norm 1: 0 is the same shape, 1 nothing in common.'
      : ''
  }</p>
${captioned(trusted(figure))}${known ? missing(known.trueUnits, truth!.templates!.shape[0]!) : undefined}`;
  return { id: 'templates', title: 'Templates', body };
}

function missing(found: readonly (number | undefined)[], trueUnits: number) {
  const lost = Array.from({ length: trueUnits }, (_, unit) => unit).filter((unit) => !found.includes(unit));
  if (lost.length === 0) return undefined;
  return html`<p>True templates that no unit stands for: ${lost.join(', ')}.</p>`;
}

/** The units with the most spikes, in their own order. */
export function mostActive(units: readonly ReportUnit[], count: number): readonly ReportUnit[] {
  return [...units]
    .sort((a, b) => b.times.length - a.times.length || a.index - b.index)
    .slice(0, count)
    .sort((a, b) => a.index - b.index);
}

/** Some units and channels out of templates. */
export function pickTemplates(
  { data, shape }: FloatArray,
  units: readonly ReportUnit[],
  channels: readonly number[],
): FloatArray {
  const [, samples, all] = shape as [number, number, number];
  const size = samples * all;
  const rows = units.map(({ index }) =>
    pickChannels(data.subarray(index * size, (index + 1) * size), all, channels),
  );
  const picked = new Float32Array(units.length * samples * channels.length);
  rows.forEach((row, index) => {
    picked.set(row, index * row.length);
  });
  return { data: picked, shape: [units.length, samples, channels.length] };
}
