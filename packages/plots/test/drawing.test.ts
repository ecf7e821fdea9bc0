import { random } from '@unrolled/contracts';
import { describe, expect, test } from 'vitest';
import { linePath } from '../src/envelope.ts';
import { brief, roundBelow } from '../src/extent.ts';
import {
  accentColor,
  barPlot,
  correlogramCounts,
  curvePlot,
  histogram,
  linePlot,
  rasterPlot,
  scatterPlot,
  seriesColors,
  templatePlot,
  tracePlot,
} from '../src/index.ts';

const identity = { x: (value: number) => value, y: (value: number) => value };

describe('a line of any length', () => {
  test('goes through every sample where there is room', () => {
    expect(linePath({ values: [3, 1, 2], count: 3, start: 0, interval: 10 }, identity)).toBe(
      'M0,3L10,1L20,2',
    );
  });

  test('keeps a spike of one sample among a million', () => {
    const values = new Float32Array(1e6);
    values[654_321] = -77;
    const path = linePath({ values, count: 1e6, start: 0, interval: 0.001 }, identity);
    expect(path).toContain(',-77');
    // 1000 columns of at most four points of at most a dozen characters.
    expect(path.length).toBeLessThan(1000 * 4 * 14);
  });

  test('reads one channel out of several', () => {
    const path = linePath(
      { values: [0, 5, 1, 6, 2, 7], first: 1, stride: 2, count: 3, start: 0, interval: 10 },
      identity,
    );
    expect(path).toBe('M0,5L10,6L20,7');
  });
});

describe('sizes are bounded by pixels, not by data', () => {
  const draw = random(3);
  const many = Float64Array.from({ length: 300_000 }, () => draw.uniform(0, 1000));

  test('raster', () => {
    const svg = rasterPlot(many, new Uint8Array(many.length), { width: 720 });
    // At most two ticks a pixel of 18 characters each, and the axes.
    expect(svg.length).toBeLessThan(2 * 720 * 18 + 5000);
  });

  test('scatter', () => {
    const svg = scatterPlot(
      many,
      many.map(() => draw.normal()),
      { maximumPoints: 10_000 },
    );
    expect(svg.length).toBeLessThan(10_000 * 16 + 10_000);
  });

  test('scatter, a size for every series', () => {
    const svg = scatterPlot([1, 2, 3], [1, 2, 3], { series: [0, 1, 0], size: [2, 7] });
    expect(svg).toContain('stroke-width="2"');
    expect(svg).toContain('stroke-width="7"');
  });

  test('trace', () => {
    expect(tracePlot(many, { rate: 15_000 }).length).toBeLessThan(720 * 4 * 14 + 5000);
  });
});

describe('correlograms', () => {
  test('count pairs by lag, as counting all of them does', () => {
    const draw = random(1);
    const train = (count: number) => Float64Array.from({ length: count }, () => draw.uniform(0, 2)).sort();
    const [first, second] = [train(200), train(150)];
    const { lags, counts } = correlogramCounts(first, second, { window: 0.03, binWidth: 0.002 });
    const reference = new Float64Array(31);
    for (const t of first) {
      for (const s of second) {
        const bin = Math.round((s - t) / 0.002) + 15;
        if (bin >= 0 && bin < 31) reference[bin]!++;
      }
    }
    expect([...counts]).toEqual([...reference]);
    expect(lags[15]).toBe(0);
    expect(lags[0]).toBeCloseTo(-0.03, 12);
  });

  test('an autocorrelogram is symmetric and pairs no spike with itself', () => {
    const { counts } = correlogramCounts([0.01, 0.02, 0.02, 0.05], undefined, {
      window: 0.05,
      binWidth: 0.01,
    });
    expect([...counts]).toEqual([...counts].reverse());
    // Only the two spikes at the same time, each with the other.
    expect(counts[5]).toBe(2);
  });
});

describe('what is drawn', () => {
  test('histogram bars below the threshold have the accent colour', () => {
    const options = { range: [0, 10], binWidth: 1, threshold: { at: 2, label: '2 ms' } } as const;
    const bars = (svg: string) =>
      new RegExp(`d="([^"]*)"[^>]*fill="${accentColor}"|fill="${accentColor}"[^>]*d="([^"]*)"`).exec(svg);
    const parts = bars(histogram([1.5, 5, 5], options))!;
    expect((parts[1] ?? parts[2])!.match(/M/g)).toHaveLength(1);
    const none = bars(histogram([5, 5], options))!;
    expect(none[1] ?? none[2]).toBe('');
  });

  test('a log axis has its decades', () => {
    const svg = curvePlot([{ x: [1, 2, 3], y: [1, 0.01, 0.0001] }], { yScale: 'log' });
    for (const label of ['1', '0.1', '0.01', '0.001', '1e−4']) expect(svg).toContain(`>${label}</text>`);
  });

  test('whole numbers have no ticks between them', () => {
    const svg = curvePlot([{ x: [1, 2, 3, 4], y: [10, 20, 30, 40] }]);
    expect(svg).toContain('>4</text>');
    expect(svg).not.toContain('.5</text>');
  });

  test('a constant has an axis too', () => {
    expect(linePlot([{ values: [5, 5, 5] }])).not.toContain('NaN');
    expect(histogram([5, 5, 5])).not.toContain('NaN');
  });

  test('numbers are short', () => {
    expect([0, 50, 1234567, 0.00012, -0.5, 12.3456].map(brief)).toEqual([
      '0',
      '50',
      '1.2e6',
      '1.2e−4',
      '−0.5',
      '12.3',
    ]);
    expect([1, 3.9, 70, 0.3].map(roundBelow)).toEqual([1, 2, 50, 0.2]);
  });
});

/** Contrast of two colours, WCAG 2.2. */
function contrast(first: string, second: string): number {
  const luminance = (color: string): number => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [low, high] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

test('series are seen on white and on dark, text is read on both', () => {
  for (const color of [...seriesColors, accentColor]) {
    // WCAG asks 3 of graphics; orange and sky blue of a colour-blind-safe set are paler, and no line is named by colour alone.
    expect(contrast(color, '#ffffff'), color).toBeGreaterThan(2.2);
    expect(contrast(color, '#0d1117'), color).toBeGreaterThan(3);
  }
  expect(contrast('#757575', '#ffffff')).toBeGreaterThan(4);
  expect(contrast('#757575', '#0d1117')).toBeGreaterThan(4);
});

describe('refuses, by name', () => {
  test.each<[string, () => string]>([
    ['lines', () => linePlot([])],
    ['lines[0].values', () => linePlot([{ values: [] }])],
    ['lines[0].values', () => linePlot([{ values: [1, Number.NaN] }])],
    ['lines[0].interval', () => linePlot([{ values: [1], interval: 0 }])],
    ['colour', () => linePlot([{ values: [1] }], { colour: 'red' } as object)],
    ['width', () => linePlot([{ values: [1, 2] }], { width: -3 })],
    ['values', () => tracePlot([1, Number.POSITIVE_INFINITY], { rate: 1 })],
    ['values', () => tracePlot([1, 2, 3], { rate: 1, channels: 2 })],
    ['rate', () => tracePlot([1, 2], { rate: 0 })],
    ['overlay.values', () => tracePlot([1, 2], { rate: 1, overlay: { name: 'x', values: [1] } })],
    ['events[0].channel', () => tracePlot([1, 2], { rate: 1, events: [{ time: 0, channel: 1, series: 0 }] })],
    ['templates.shape', () => templatePlot({ data: [1, 2], shape: [2] }, { rate: 1 })],
    ['templates.data', () => templatePlot({ data: [1, 2], shape: [1, 3, 1] }, { rate: 1 })],
    ['templates.shape', () => templatePlot({ data: [], shape: [0, 3, 1] }, { rate: 1 })],
    [
      'truth.shape',
      () =>
        templatePlot({ data: [1], shape: [1, 1, 1] }, { rate: 1, truth: { data: [1, 2], shape: [1, 2, 1] } }),
    ],
    ['times', () => rasterPlot([], [])],
    ['rows', () => rasterPlot([1], [])],
    ['rowNames', () => rasterPlot([1], [1], { rowNames: ['a'] })],
    ['values', () => histogram([])],
    ['range', () => histogram([1], { range: [2, 1] })],
    ['y', () => scatterPlot([1], [1, 2])],
    ['size[1]', () => scatterPlot([1, 2], [1, 2], { series: [0, 1], size: [2] })],
    ['values', () => barPlot([{ name: 'a', value: 0 }], { xScale: 'log' })],
    ['curves[0].y', () => curvePlot([{ x: [1], y: [0] }], { yScale: 'log' })],
    ['times', () => String(correlogramCounts([2, 1]))],
  ])('%s', (name, draw) => {
    expect(draw).toThrowError(
      expect.objectContaining({ name: 'UnrolledError', message: expect.stringContaining(name) }),
    );
  });
});
