import { activitySection } from './activity-section.ts';
import { requireReportInput } from './check.ts';
import { evaluationSection } from './evaluation-section.ts';
import type { ReportInput } from './input.ts';
import { correlogramsSection, intervalsSection } from './intervals-section.ts';
import { learningSection } from './learning-section.ts';
import { counted, duration, short } from './numbers.ts';
import { page } from './page.ts';
import { subjectOf } from './subject.ts';
import { summarySection } from './summary-section.ts';
import { templatesSection } from './templates-section.ts';
import { tracesSection } from './traces-section.ts';
import { unitsSection } from './units-section.ts';

/**
 * The report of a sorting: one HTML page that stands alone, without scripts, links or fonts from elsewhere, for a screen in
 * light or dark and for paper. Sections for which there are no data are left out; without units it says so, and shows the
 * traces. Figures are thinned to what can be seen, so that an hour of recording makes a page of a few megabytes at most.
 *
 * @returns the page; write it to `report.html`
 * @throws UnrolledError where parts of the input do not fit together
 * @example
 * writeFileSync('report.html', sortingReport({ title: 'locust', recording: {}, sorting, snippets: [] }));
 */
export function sortingReport(input: ReportInput): string {
  requireReportInput(input);
  const subject = subjectOf(input);
  const { sorting } = input;
  const subtitle =
    `Spike sorting · ${counted(sorting.usedChannels.length, 'channel')} at ${short(sorting.rate)} Hz, ` +
    `${duration(subject.seconds)} · ${counted(subject.units.length, 'unit')}, ${counted(sorting.times.length, 'spike')}`;
  const sections = [
    summarySection(subject),
    unitsSection(subject),
    evaluationSection(subject),
    tracesSection(subject),
    templatesSection(subject),
    activitySection(subject),
    intervalsSection(subject),
    correlogramsSection(subject),
    learningSection(subject),
  ].filter((section) => section !== undefined);
  return page(input.title, subtitle, sections);
}
