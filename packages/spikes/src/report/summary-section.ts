import { html, type Markup } from './html.ts';
import { counted, duration, percent, short, whole } from './numbers.ts';
import type { Section } from './section.ts';
import type { Subject } from './subject.ts';
import { facts, table } from './tables.ts';

/** What was sorted, what came out, how long it took and with which settings. */
export function summarySection(subject: Subject): Section {
  const { input, seconds, units } = subject;
  const { recording, sorting, timing = [], versions = {}, settings = {} } = input;
  const spikes = sorting.times.length;
  const violations = units.reduce((sum, unit) => sum + unit.violations, 0);
  const intervals = units.reduce((sum, unit) => sum + unit.intervals.length, 0);
  const leftOut = recording.leftOut ?? [];
  const total = timing.reduce((sum, stage) => sum + stage.seconds, 0);
  const body = html`
${tiles([
  ['units', whole(units.length)],
  ['spikes', whole(spikes)],
  ['of recording', duration(seconds)],
  ...(intervals > 0 ? [['intervals below 2 ms', percent(violations / intervals)] as const] : []),
  ...(sorting.explained !== undefined && units.length > 0
    ? [['of the signal explained', percent(sorting.explained)] as const]
    : []),
  ...(timing.length > 0 ? [['taken', duration(total)] as const] : []),
])}
${units.length === 0 ? noUnits() : undefined}
<h3>Recording</h3>
${facts([
  ...(recording.path ? [['File', html`<code>${recording.path}</code>`] as const] : []),
  ['Length', `${duration(seconds)} · ${whole(sorting.samples)} samples`],
  ['Rate', `${short(sorting.rate)} Hz`],
  ['Channels', `${counted(sorting.usedChannels.length, 'channel')} sorted of ${whole(sorting.channels)}`],
  [
    'Left out',
    leftOut.length === 0
      ? 'none'
      : leftOut.map(({ channel, reason }) => `channel ${channel} (${reason})`).join(', '),
  ],
  ...Object.entries(recording.facts ?? {}).map(([name, value]) => [name, String(value)] as const),
])}
${Object.keys(settings).length > 0 ? html`<h3>Settings</h3>${facts(strings(settings))}` : undefined}
${timing.length > 0 ? html`<h3>Time taken</h3>${facts(timing.map(({ stage, seconds }) => [stage, duration(seconds)] as const))}` : undefined}
${Object.keys(versions).length > 0 ? html`<h3>Versions</h3>${facts(strings(versions))}` : undefined}
${selection(subject)}`;
  return { id: 'summary', title: 'Summary', body };
}

const strings = (record: {
  readonly [name: string]: string | number | boolean;
}): (readonly [string, string])[] =>
  Object.entries(record).map(([name, value]) => [name, String(value)] as const);

function tiles(entries: readonly (readonly [string, string])[]): Markup {
  return html`<div class="tiles">${entries.map(
    ([name, value]) => html`<div class="tile"><strong>${value}</strong><span>${name}</span></div>`,
  )}</div>`;
}

function noUnits(): Markup {
  return html`<p class="notice"><strong>No units were found.</strong> Nothing in this recording stood out of the noise often
enough, and alike enough, to be called the spikes of a neuron. The traces below show what was searched. If you can see spikes
in them, look at the band-pass, the length of a template and the channels left out; a number of units instead of
<code>auto</code> keeps candidates that the criterion dropped.</p>`;
}

/** The decisions behind the number of units. */
function selection({ input: { selection: steps = [] } }: Subject): Markup | undefined {
  if (steps.length === 0) return undefined;
  return html`<details><summary>Why there are as many units as there are: ${counted(steps.length, 'decision')}</summary>
${table(
  [
    { heading: 'decision', cell: ({ action }) => action, text: true },
    { heading: 'candidates', cell: ({ candidates }) => candidates.join(', '), text: true },
    { heading: 'reason', cell: ({ reason }) => reason, text: true },
  ],
  steps.slice(0, 200),
)}</details>`;
}
