import { curvePlot } from '@unrolled/plots';

/** ‖D − X G Zᵀ‖ / ‖D‖ with the codes that the network has, round by round. */
export const distanceFigure = (distances: readonly number[]): string =>
  curvePlot([{ x: distances.map((_, round) => round), y: [...distances] }], {
    xLabel: 'Rounds after training',
    yLabel: 'Distance of D from X G Zᵀ',
    yScale: 'log',
    width: 520,
    height: 280,
  });
