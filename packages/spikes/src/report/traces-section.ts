import { tracePlot, traceRange } from '@unrolled/plots';
import { html, type Markup, trusted } from './html.ts';
import type { ReportSnippet } from './input.ts';
import { counted } from './numbers.ts';
import type { Section } from './section.ts';
import { pickChannels, type Subject } from './subject.ts';
import { captioned } from './tables.ts';

/** Height of a row that a label fits in, px. */
const rowLeast = 24;

/** Pieces of the recording with the spikes found, their sum, and what is left. */
export function tracesSection(subject: Subject): Section | undefined {
  const { snippets, sorting } = subject.input;
  if (snippets.length === 0) return undefined;
  const hidden = sorting.usedChannels.length - subject.shownChannels.length;
  const body = html`
<p>Grey is the recording as it was sorted${
    subject.units.length > 0
      ? ', the coloured line the sum of the spikes found, a triangle a spike above the channel of its peak, with its unit. What is left is drawn below, on the same scale: with all spikes found it is noise alone.'
      : '.'
  }${hidden > 0 ? ` Of the ${counted(sorting.usedChannels.length, 'channel')}, the ${subject.shownChannels.length} with the largest templates are shown.` : ''}</p>
${snippets.map((snippet) => snippetFigures(subject, snippet))}`;
  return { id: 'traces', title: 'Traces', body };
}

function snippetFigures(subject: Subject, snippet: ReportSnippet): Markup {
  const { rate, channels } = subject.input.sorting;
  const start = snippet.start / rate;
  const length = snippet.trace.length / channels / rate;
  const events = eventsOf(subject, start, start + length);
  const trace = pickChannels(snippet.trace, channels, subject.shownChannels);
  const sum = pickChannels(snippet.reconstruction, channels, subject.shownChannels);
  const found = subject.units.length > 0;
  const options = {
    rate,
    start,
    unit: subject.unit,
    channels: subject.shownChannels.length,
    channelNames: subject.shownChannels.map((channel) => `channel ${channel}`),
    width: 960,
  };
  const range = traceRange([trace, sum]);
  const rowHeight = Math.min(130, Math.max(50, 480 / subject.shownChannels.length));
  const caption = `${start.toFixed(2)} s to ${(start + length).toFixed(2)} s · ${counted(events.length, 'spike')}`;
  const figure = captioned(
    trusted(
      tracePlot(trace, {
        ...options,
        range,
        rowHeight,
        ...(found ? { overlay: { name: 'sum of the spikes', values: sum } } : {}),
        events: events.filter(({ channel }) => channel >= 0),
      }),
    ),
    caption,
  );
  if (!found) return figure;
  const residual = trace.map((value, index) => value - sum[index]!);
  // As many pixels a unit as above: a smaller range in a lower row, but none too low for its label.
  const perUnit = rowHeight / (range[1] - range[0]);
  const [low, high] = traceRange([residual]);
  const missing = Math.max(0, rowLeast / perUnit - (high - low)) / 2;
  const left = [low - missing, high + missing] as const;
  return html`${figure}${captioned(trusted(tracePlot(residual, { ...options, range: left, rowHeight: perUnit * (left[1] - left[0]), title: 'Residual' })))}`;
}

/** The spikes of a stretch of time; channel −1 for those whose peak is on a channel that is not shown. */
function eventsOf({ units, shownChannels }: Subject, from: number, to: number) {
  return units
    .flatMap(({ index, times, peakChannel }) =>
      Array.from(times)
        .filter((time) => time >= from && time < to)
        .map((time) => ({
          time,
          channel: shownChannels.indexOf(peakChannel),
          series: index,
          label: String(index),
        })),
    )
    .sort((a, b) => a.time - b.time);
}
