import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { html, trusted } from '../../src/report/html.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { column, counted, duration, percent, short, whole } from '../../src/report/numbers.ts';
import { sortingReport } from '../../src/report/sorting-report.ts';
import { subjectOf } from '../../src/report/subject.ts';
import { summaryFigure } from '../../src/report/summary-figure.ts';
import { matchTemplates } from '../../src/report/true-templates.ts';
import { madeUpReport } from './made-up.ts';

const sizes: { readonly [name: string]: Parameters<typeof madeUpReport>[0] } = {
  'one unit on one channel': { units: 1, channels: 1, seconds: 5 },
  'twelve units on four channels': { units: 12, channels: 4, seconds: 30 },
  'no units': { units: 0, channels: 4, seconds: 5 },
  'more units and channels than are drawn': { units: 45, channels: 20, seconds: 5 },
};

describe.each(Object.entries(sizes))('a report of %s', (_name, size) => {
  const input = madeUpReport(size);
  const text = sortingReport(input);
  const { document } = parseHTML(text);

  test('stands alone: nothing is fetched, nothing runs', () => {
    expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|src=|@import|url\(|<script|<link|<iframe/i,
    );
  });

  test('has a link to every section, and a section for every link', () => {
    const links = [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href'));
    const sections = [...document.querySelectorAll('section')].map((section) => `#${section.id}`);
    expect(links).toEqual(sections);
    expect(new Set(sections).size).toBe(sections.length);
  });

  test('escapes what the recording is called', () => {
    expect(text).toContain('made-up &lt;recording&gt; &amp; friends');
    expect(text).not.toContain('<recording>');
  });

  test('every tag that is opened is closed', () => {
    const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
    for (const tag of [
      'section',
      'figure',
      'svg',
      'g',
      'table',
      'tr',
      'td',
      'div',
      'dl',
      'p',
      'path',
      'text',
    ]) {
      const opened = count(new RegExp(`<${tag}[\\s>]`, 'g')) - count(new RegExp(`<${tag}\\s[^>]*/>`, 'g'));
      expect(count(new RegExp(`</${tag}>`, 'g')), tag).toBe(opened);
    }
  });

  test('shows no number that is none', () => {
    expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  test('is the same every time', () => {
    expect(sortingReport(input)).toBe(text);
  });

  test('has a picture', () => {
    const figure = summaryFigure(input);
    expect(figure).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="[\d.]+" height="[\d.]+"/);
    expect(figure).not.toMatch(/NaN|undefined/);
  });
});

test('without units the report says so and still shows the traces, and nothing else', () => {
  const { document } = parseHTML(sortingReport(madeUpReport({ units: 0, channels: 2, seconds: 2 })));
  expect([...document.querySelectorAll('section')].map(({ id }) => id)).toEqual(['summary', 'traces']);
  expect(document.querySelector('.notice')!.textContent).toContain('No units were found');
  expect(document.querySelectorAll('#traces figure svg').length).toBe(2);
});

test('with everything it has every section', () => {
  const { document } = parseHTML(sortingReport(madeUpReport({ units: 2, channels: 2, seconds: 5 })));
  expect([...document.querySelectorAll('section')].map(({ id }) => id)).toEqual([
    'summary',
    'units',
    'evaluation',
    'traces',
    'templates',
    'activity',
    'intervals',
    'correlograms',
    'learning',
  ]);
  expect(document.querySelectorAll('#units tbody tr').length).toBe(2);
  expect(document.querySelector('#evaluation')!.textContent).toContain('false-alarm rate');
});

test('a bare sorting is enough', () => {
  const { title, sorting } = madeUpReport({ units: 1, channels: 1, seconds: 2 });
  expect(sortingReport({ title, recording: {}, sorting, snippets: [] })).toContain('a.u.');
});

test('an hour of data makes a page below 5 MB', () => {
  const text = sortingReport(madeUpReport({ units: 12, channels: 4, seconds: 3600, firingRate: 10 }));
  expect(text.length).toBeLessThan(5e6);
});

test('a unit without a spike, and one with a single spike, are reported', () => {
  const input = madeUpReport({ units: 3, channels: 2, seconds: 5 });
  const sorting = {
    ...input.sorting,
    times: Int32Array.of(100),
    units: Int32Array.of(1),
    amplitudes: Float32Array.of(1),
  };
  const text = sortingReport({ ...input, sorting });
  expect(text).not.toMatch(/NaN|undefined/);
  expect(summaryFigure({ ...input, sorting })).toContain('<svg');
});

test('a loss that is not finite leaves a gap', () => {
  const input = madeUpReport({ units: 1, channels: 1, seconds: 2 });
  const learning = input.learning!.map((epoch, index) => ({
    ...epoch,
    loss: index > 3 ? Number.NaN : epoch.loss,
  }));
  expect(sortingReport({ ...input, learning })).not.toContain('NaN');
});

test('channels that were left out are named with the reason', () => {
  const input = madeUpReport({ units: 1, channels: 3, seconds: 2 });
  const recording = { ...input.recording, leftOut: [{ channel: 2, reason: 'constant <0>' }] };
  const sorting = { ...input.sorting, usedChannels: [0, 1] };
  const text = sortingReport({ ...input, recording, sorting });
  expect(text).toContain('channel 2 (constant &lt;0&gt;)');
  expect(text).not.toContain('>channel 2</text>');
});

describe('what is worked out', () => {
  test('a unit, from its spikes by hand', () => {
    const input: ReportInput = {
      title: '',
      recording: { noise: [2, 4] },
      sorting: {
        rate: 1000,
        samples: 2000,
        channels: 2,
        usedChannels: [0, 1],
        templates: { data: Float32Array.of(0, 1, 3, -20, 0, 2), shape: [1, 3, 2] },
        peaks: [{ channel: 1, sample: 1 }],
        times: Int32Array.of(100, 101, 103, 500),
        units: new Int32Array(4),
        amplitudes: Float32Array.of(1, 2, 1, 2),
      },
      snippets: [],
    };
    const [unit] = subjectOf(input).units;
    // Intervals 1, 2 and 397 ms: below 2 ms is one of them, 2 ms itself is not.
    expect(unit).toMatchObject({
      violations: 1,
      firingRate: 2,
      amplitude: -30,
      peakChannel: 1,
      signalToNoise: 7.5,
    });
    expect([...unit!.deflections]).toEqual([-20, -40, -20, -40]);
    expect(unit!.intervals).toHaveLength(3);
  });

  test('true templates are matched, shifted and scaled onto the learned ones', () => {
    const bump = (at: number, height: number, length: number, channel: number) =>
      Array.from({ length: length * 2 }, (_, index) =>
        index % 2 === channel ? height * Math.exp(-((Math.floor(index / 2) - at) ** 2) / 2) : 0,
      );
    const learned = {
      data: Float32Array.from([...bump(8, 2, 20, 0), ...bump(9, 5, 20, 1)]),
      shape: [2, 20, 2],
    };
    const truth = { data: Float32Array.from(bump(12, 1, 24, 1)), shape: [1, 24, 2] };
    const { aligned, errors, trueUnits } = matchTemplates(learned, truth);
    expect(trueUnits).toEqual([undefined, 0]);
    // The same bump, its tails cut in other places: e^{−9²/2} and less is all that differs, and float32.
    expect(errors[1]).toBeLessThan(1e-3);
    aligned.data.subarray(40).forEach((value, index) => {
      expect(value).toBeCloseTo(learned.data[40 + index]!, 4);
    });
    expect(aligned.data.subarray(0, 40).every(Number.isNaN)).toBe(true);
  });
});

test('numbers as people read them', () => {
  expect([0, 1234567, 12].map(whole)).toEqual(['0', '1\u202f234\u202f567', '12']);
  expect([0, -60.54, 1234.5, 0.00012, Number.NaN].map(short)).toEqual([
    '0',
    '−60.5',
    '1\u202f235',
    '1.20e−4',
    '–',
  ]);
  expect([8, -0.5].map(column)).toEqual(['8.00', '−0.500']);
  expect([0, 0.012, 0.5].map(percent)).toEqual(['0.0\u202f%', '1.20\u202f%', '50.0\u202f%']);
  expect([5.25, 60, 95, 3725].map(duration)).toEqual(['5.25 s', '1 min', '1 min 35 s', '1 h 2 min']);
  expect([counted(1, 'unit'), counted(0, 'unit')]).toEqual(['1 unit', '0 units']);
});

test('html escapes values, in text and in attributes, and leaves markup', () => {
  expect(html`<a title="${`"'<&>`}">${['<', trusted('<b></b>'), 3, undefined]}</a>`.markup).toBe(
    '<a title="&quot;&#39;&lt;&amp;&gt;">&lt;<b></b>3</a>',
  );
});

describe('refuses what does not fit together', () => {
  const input = madeUpReport({ units: 2, channels: 2, seconds: 2 });
  const sorting = (change: Partial<ReportInput['sorting']>): ReportInput => ({
    ...input,
    sorting: { ...input.sorting, ...change },
  });
  const [snippet] = input.snippets;
  test.each<[string, ReportInput]>([
    ['sorting.rate', sorting({ rate: 0 })],
    ['sorting.samples', sorting({ samples: 0 })],
    ['sorting.templates.shape', sorting({ templates: { data: new Float32Array(3), shape: [1, 3, 1] } })],
    ['sorting.peaks', sorting({ peaks: [] })],
    ['sorting.units', sorting({ units: new Int32Array(1) })],
    ['sorting.amplitudes', sorting({ amplitudes: new Float32Array(1) })],
    ['sorting.amplitudes', sorting({ amplitudes: input.sorting.amplitudes.map(() => Number.NaN) })],
    ['sorting.units[0]', sorting({ units: input.sorting.units.map(() => 2) })],
    ['sorting.times[1]', sorting({ times: Int32Array.from(input.sorting.times).reverse() })],
    ['snippets[0].trace', { ...input, snippets: [{ ...snippet!, trace: new Float32Array(3) }] }],
    [
      'snippets[0].reconstruction',
      { ...input, snippets: [{ ...snippet!, reconstruction: new Float32Array(2) }] },
    ],
    ['truth.units', { ...input, truth: { times: [1, 2], units: [0] } }],
  ])('%s', (name, wrong) => {
    const refused = expect.objectContaining({
      name: 'UnrolledError',
      message: expect.stringContaining(name),
    });
    expect(() => sortingReport(wrong)).toThrowError(refused);
    expect(() => summaryFigure(wrong)).toThrowError(refused);
  });
});
