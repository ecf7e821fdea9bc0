import { arrange, rasterPlot, templatePlot, tracePlot } from '@unrolled/plots';
import { requireReportInput } from './check.ts';
import type { ReportInput } from './input.ts';
import { pickChannels, subjectOf } from './subject.ts';
import { mostActive, pickTemplates } from './templates-section.ts';
import { matchTemplates } from './true-templates.ts';

/**
 * A sorting in one picture: the first snippet with its spikes and their sum, the templates, and the raster. An SVG that stands
 * alone and reads on white and on dark.
 *
 * @throws UnrolledError where parts of the input do not fit together
 */
export function summaryFigure(input: ReportInput): string {
  requireReportInput(input);
  const subject = subjectOf(input);
  const { sorting, snippets, truth } = input;
  const { units, unit, seconds, shownChannels } = subject;
  const channelNames = shownChannels.map((channel) => `channel ${channel}`);
  const shown = mostActive(units, 8);
  const rows: string[][] = [];
  const [snippet] = snippets;
  if (snippet) {
    const start = snippet.start / sorting.rate;
    const end = start + snippet.trace.length / sorting.channels / sorting.rate;
    rows.push([
      tracePlot(pickChannels(snippet.trace, sorting.channels, shownChannels), {
        rate: sorting.rate,
        start,
        unit,
        channels: shownChannels.length,
        channelNames,
        overlay: {
          name: 'sum of the spikes found',
          values: pickChannels(snippet.reconstruction, sorting.channels, shownChannels),
        },
        events: shown.flatMap(({ index, times, peakChannel }) =>
          Array.from(times)
            .filter((time) => time >= start && time < end && shownChannels.includes(peakChannel))
            .map((time) => ({
              time,
              channel: shownChannels.indexOf(peakChannel),
              series: index,
              label: String(index),
            })),
        ),
        title: 'Recording',
        // Low rows: the whole picture is to fit on a screen.
        rowHeight: Math.min(130, Math.max(50, 280 / shownChannels.length)),
        width: 960,
      }),
    ]);
  }
  const range = [0, Math.min(seconds, 60)] as const;
  // No more than is shown, for a long recording has millions; the first, so that there is one.
  const active = shown
    .filter(({ times }) => times.length > 0)
    .map((unit) => ({ ...unit, times: unit.times.filter((time, spike) => spike === 0 || time <= range[1]) }));
  if (active.length > 0) {
    const known = truth?.templates ? matchTemplates(sorting.templates, truth.templates) : undefined;
    const templateWidth = shownChannels.length > 2 ? 960 : 472;
    const templates = templatePlot(pickTemplates(sorting.templates, shown, shownChannels), {
      series: shown.map(({ index }) => index),
      rate: sorting.rate,
      unit,
      channelNames,
      unitNames: shown.map(({ name }) => name),
      origin: shown.map(({ index }) => sorting.peaks[index]!.sample),
      ...(known ? { truth: pickTemplates(known.aligned, shown, shownChannels) } : {}),
      title: 'Templates',
      height: 130 + shown.length * Math.min(130, Math.max(50, 240 / shown.length)),
      width: templateWidth,
    });
    const raster = rasterPlot(
      Float64Array.from(active.flatMap(({ times }) => Array.from(times))),
      active.flatMap(({ times }, row) => new Array<number>(times.length).fill(row)),
      {
        rowNames: active.map(({ name }) => name),
        series: active.map(({ index }) => index),
        range,
        title: 'Spikes',
        width: templateWidth,
      },
    );
    if (templateWidth === 960) rows.push([templates], [raster]);
    else rows.push([templates, raster]);
  }
  if (rows.length === 0)
    rows.push([tracePlot([0], { rate: sorting.rate, title: 'No units were found', width: 960 })]);
  return arrange(rows, { title: `${input.title}: ${units.length} units, ${sorting.times.length} spikes` });
}
