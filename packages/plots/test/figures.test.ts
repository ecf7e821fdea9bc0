import { describe, expect, test } from 'vitest';
import * as plots from '../src/index.ts';
import { requireWellFormed } from './well-formed.ts';

const wave = (length: number): number[] => Array.from({ length }, (_, index) => Math.sin(index / 7));
const nasty = 'a <b> & "c" \u0007\ud800';

/** One call of every figure, with text that is hard to write as XML wherever text goes. */
const figures: { readonly [name: string]: () => string } = {
  linePlot: () =>
    plots.linePlot([{ values: wave(50), name: nasty }], { title: nasty, xLabel: nasty, yLabel: nasty }),
  tracePlot: () =>
    plots.tracePlot(wave(60), {
      rate: 1000,
      channels: 2,
      title: nasty,
      unit: nasty,
      channelNames: [nasty, 'b'],
      overlay: { name: nasty, values: wave(60) },
      events: [{ time: 0.01, channel: 1, series: 0, label: nasty }],
      seriesNames: [{ series: 0, name: nasty }],
    }),
  templatePlot: () =>
    plots.templatePlot(
      { data: wave(60), shape: [2, 15, 2] },
      {
        rate: 1000,
        title: nasty,
        unit: nasty,
        unitNames: [nasty, 'b'],
        channelNames: [nasty, 'd'],
        truth: { data: [...wave(30), ...new Array<number>(30).fill(Number.NaN)], shape: [2, 15, 2] },
      },
    ),
  rasterPlot: () => plots.rasterPlot([0.1, 0.2, 0.2], [0, 1, 1], { title: nasty, rowNames: [nasty, 'b'] }),
  histogram: () =>
    plots.histogram([1, 2, 2, 9], { title: nasty, xLabel: nasty, threshold: { at: 2, label: nasty } }),
  correlogram: () => plots.correlogram([0.01, 0.02, 0.05], { title: nasty }),
  correlogramMatrix: () =>
    plots.correlogramMatrix([[0.01, 0.02], [0.015]], { title: nasty, names: [nasty, 'b'] }),
  scatterPlot: () =>
    plots.scatterPlot([1, 2, 3], [3, 1, 2], {
      title: nasty,
      xLabel: nasty,
      series: [0, 1, 0],
      seriesNames: [{ series: 0, name: nasty }],
    }),
  barPlot: () =>
    plots.barPlot(
      [
        { name: nasty, value: 0.3, label: nasty },
        { name: 'b', value: 40, series: 1 },
      ],
      {
        title: nasty,
        xLabel: nasty,
        xScale: 'log',
      },
    ),
  curvePlot: () =>
    plots.curvePlot([{ x: [1, 10, 100], y: [1, 0.1, 0.01], name: nasty, dashed: true }], {
      title: nasty,
      xLabel: nasty,
      xScale: 'log',
      yScale: 'log',
      levels: [0.05],
    }),
  heatmap: () => plots.heatmap({ data: wave(12), shape: [3, 4] }, { title: nasty, label: nasty }),
  imageGrid: () => plots.imageGrid({ data: wave(27), shape: [3, 3, 3] }, { title: nasty }),
  arrange: () =>
    plots.arrange([[plots.histogram([1, 2], { title: nasty }), plots.histogram([3])]], { title: nasty }),
};

test('every figure that the package exports is tried here', () => {
  const notFigures = ['seriesColor', 'correlogramCounts', 'traceRange'];
  const exported = Object.entries(plots).filter(([, value]) => typeof value === 'function');
  expect(Object.keys(figures).sort()).toEqual(
    exported
      .map(([name]) => name)
      .filter((name) => !notFigures.includes(name))
      .sort(),
  );
});

describe.each(Object.entries(figures))('%s', (_name, draw) => {
  const svg = draw();

  test('is well-formed XML', () => {
    requireWellFormed(svg);
  });

  test('stands alone: a namespace, a size, a view box, and nothing from elsewhere', () => {
    const root = /^<svg [^>]*>/.exec(svg)![0];
    expect(root).toContain('xmlns="http://www.w3.org/2000/svg"');
    const [, width] = / width="([\d.]+)"/.exec(root)!;
    const [, height] = / height="([\d.]+)"/.exec(root)!;
    expect(root).toContain(`viewBox="0 0 ${width} ${height}"`);
    expect(svg.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|href|url\(|<script|<style| id=/,
    );
  });

  test('draws numbers only', () => {
    expect(svg).not.toMatch(/="[^"]*(NaN|Infinity|undefined)[^"]*"/);
    expect(svg).not.toMatch(/>[^<]*(NaN|undefined)[^<]*</);
  });

  test('is the same every time', () => {
    expect(draw()).toBe(svg);
  });

  test('escapes its texts', () => {
    expect(svg).toContain('a &lt;b&gt; &amp;');
    expect(svg).not.toContain('<b>');
  });
});

test('the check of well-formed XML can fail', () => {
  for (const wrong of [
    '<svg>',
    '<svg a=b/>',
    '<svg>&</svg>',
    '<svg><g></svg></g>',
    '<a/><b/>',
    '<a x="1" x="2"/>',
  ]) {
    expect(() => requireWellFormed(wrong), wrong).toThrow();
  }
});
