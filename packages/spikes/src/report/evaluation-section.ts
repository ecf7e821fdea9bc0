import { curvePlot } from '@unrolled/plots';
import { html, type Markup, trusted } from './html.ts';
import { percent, whole } from './numbers.ts';
import type { Section } from './section.ts';
import type { Subject } from './subject.ts';
import { captioned, table } from './tables.ts';

/** How the sorting compares with the truth. */
export function evaluationSection({
  input: { evaluation = [], detection = [] },
}: Subject): Section | undefined {
  const curves = detection.filter(({ points }) => points.length > 0);
  if (evaluation.length === 0 && curves.length === 0) return undefined;
  const comparison: Markup | undefined =
    evaluation.length === 0
      ? undefined
      : html`${table(
          [
            { heading: 'true unit', cell: ({ trueUnit }) => trueUnit },
            {
              heading: 'found as unit',
              cell: ({ foundUnits }) => (foundUnits.length === 0 ? 'not found' : foundUnits.join(' + ')),
            },
            { heading: 'hits', cell: ({ hits }) => whole(hits) },
            { heading: 'misses', cell: ({ misses }) => whole(misses) },
            { heading: 'false positives', cell: ({ falsePositives }) => whole(falsePositives) },
            { heading: 'accuracy', cell: ({ accuracy }) => html`<strong>${accuracy.toFixed(3)}</strong>` },
            { heading: 'hit rate', cell: ({ recall }) => percent(recall) },
            {
              heading: 'false-alarm rate',
              cell: ({ foundUnits, precision }) => (foundUnits.length === 0 ? '–' : percent(1 - precision)),
            },
          ],
          evaluation,
        )}<p class="note">Accuracy: hits / (hits + misses + false positives). Hit rate: hits of the true spikes. False-alarm rate:
false positives of the spikes found.</p>`;
  const body = html`${comparison}${
    curves.length === 0
      ? undefined
      : captioned(
          trusted(
            curvePlot(
              curves.map(({ name, points }) => ({
                name,
                x: points.map(({ falseAlarmRate }) => falseAlarmRate),
                y: points.map(({ missRate }) => missRate),
                dots: false,
              })),
              { xLabel: 'False-alarm rate', yLabel: 'Miss rate', width: 460, height: 340 },
            ),
          ),
          'Misses against false alarms as the detection threshold rises; the lower left corner is perfect.',
        )
  }`;
  return { id: 'evaluation', title: 'Against the truth', body };
}
