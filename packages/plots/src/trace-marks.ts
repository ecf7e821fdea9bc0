import type { RenderFunction } from '@observablehq/plot';
import { brief } from './extent.ts';
import { type Projection, pathMark, pixel, svgElement } from './mark.ts';
import { seriesColor } from './palette.ts';

/** Something that happened on a channel: a detected spike. */
export interface TraceEvent {
  /** Seconds. */
  readonly time: number;
  /** A channel of the trace, counted from 0. */
  readonly channel: number;
  /** Whose it is: chooses the colour. */
  readonly series: number;
  /** Above the marker, where there is room for it: the unit's number. */
  readonly label?: string | undefined;
}

/** Triangles, and above them what they are called: the first of those that would run into each other. */
export function eventMarks(events: readonly TraceEvent[], channels: number): RenderFunction[] {
  const series = [...new Set(events.map((event) => event.series))];
  const triangles = series.map((one) =>
    pathMark({ fill: seriesColor(one), stroke: 'none' }, ({ x, y }) =>
      events
        .filter((event) => event.series === one)
        .map(({ time, channel }) => `M${pixel(x(time))},${pixel(y(channels - channel))}l-3.5,-7h7z`)
        .join(''),
    ),
  );
  const labels: RenderFunction = (_index, scales, _values, _dimensions, { document }) => {
    const { x, y } = scales as unknown as Projection;
    const group = svgElement(document, 'g', { 'font-size': '10' });
    const ends = new Array<number>(channels).fill(Number.NEGATIVE_INFINITY);
    for (const { time, channel, label } of [...events].sort((a, b) => a.time - b.time)) {
      if (label === undefined) continue;
      const half = label.length * 3 + 1;
      if (x(time) - half < ends[channel]!) continue;
      ends[channel] = x(time) + half;
      const text = svgElement(document, 'text', { x: pixel(x(time)), y: pixel(y(channels - channel) - 10) });
      text.textContent = label;
      group.append(text);
    }
    return group;
  };
  return [...triangles, labels];
}

/** A bar of a round length at the right of the last row, with its value. */
export function scaleBar(length: number, step: number, unit: string): RenderFunction {
  return (_index, scales, _values, dimensions, { document }) => {
    const y = scales.y as (value: number) => number;
    const x = dimensions.width - dimensions.marginRight + 8;
    const from = y(0.5 - length / step / 2);
    const to = y(0.5 + length / step / 2);
    const group = svgElement(document, 'g', { 'text-anchor': 'start' });
    group.append(
      svgElement(document, 'path', { d: `M${x},${from}V${to}`, stroke: 'currentColor', 'stroke-width': '2' }),
    );
    const text = svgElement(document, 'text', { x: String(x + 5), y: String((from + to) / 2), dy: '0.35em' });
    text.textContent = `${brief(length)} ${unit}`;
    group.append(text);
    return group;
  };
}
