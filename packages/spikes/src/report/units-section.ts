import { html } from './html.ts';
import { column, percent, whole } from './numbers.ts';
import type { Section } from './section.ts';
import type { Subject } from './subject.ts';
import { table } from './tables.ts';

/** One row a unit. */
export function unitsSection({ units, unit }: Subject): Section | undefined {
  if (units.length === 0) return undefined;
  const known = units.some(({ signalToNoise }) => signalToNoise !== undefined);
  const body = html`
${table(
  [
    { heading: 'unit', cell: ({ index }) => index },
    { heading: 'spikes', cell: ({ times }) => whole(times.length) },
    { heading: 'rate (Hz)', cell: ({ firingRate }) => column(firingRate) },
    { heading: `amplitude (${unit})`, cell: ({ amplitude }) => column(amplitude) },
    { heading: 'peak channel', cell: ({ peakChannel }) => peakChannel },
    ...(known
      ? [
          {
            heading: 'SNR',
            cell: ({ signalToNoise }: (typeof units)[number]) => column(signalToNoise ?? Number.NaN),
          },
        ]
      : []),
    { heading: 'intervals < 2 ms', cell: ({ violations }) => whole(violations) },
    {
      heading: 'share',
      cell: ({ violations, intervals }) => {
        const share = intervals.length === 0 ? Number.NaN : violations / intervals.length;
        return share >= 0.02 ? html`<span class="bad">${percent(share)}</span>` : percent(share);
      },
    },
  ],
  units,
)}
<p class="note">Amplitude: mean of the largest deflection of the unit's spikes. ${
    known ? 'SNR: its size over the standard deviation of the noise on the peak channel. ' : ''
  }A share of intervals below 2 ms of 2 % or more is marked: the unit may be two neurons, or take up noise.</p>`;
  return { id: 'units', title: 'Units', body };
}
