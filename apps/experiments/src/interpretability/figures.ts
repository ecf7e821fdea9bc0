import { barPlot, curvePlot } from '@unrolled/plots';
import { percent } from '../markdown.ts';
import type { Likeness } from './likeness.ts';

/** ‖D − X G Zᵀ‖ / ‖D‖ with the codes that the network has, round by round. */
export const distanceFigure = (distances: readonly number[]): string =>
  curvePlot([{ x: distances.map((_, round) => round), y: [...distances] }], {
    xLabel: 'Rounds after training',
    yLabel: '‖D − X G Zᵀ‖ / ‖D‖',
    yScale: 'log',
    width: 520,
    height: 280,
  });

/** How often the most alike is another digit, by what is compared. */
export const likenessFigure = (likeness: readonly Likeness[]): string =>
  barPlot(
    likeness.map(({ by, neighbours: [first] }) => ({
      name: by,
      value: 100 * (1 - first!.same),
      label: percent(1 - first!.same),
      series: by.startsWith('pixels') ? 1 : 0,
    })),
    { xLabel: 'The most alike is another digit (%)', width: 520 },
  );
