import { simulateMoons } from '@unrolled/data';
import { encodePng, image, imageSheet } from '@unrolled/images';
import { arrange, type Curve, curvePlot, scatterPlot } from '@unrolled/plots';
import { methodOf } from './claims.ts';
import { classes, side } from './digits.ts';
import type { TrialResult } from './trial.ts';

/** Points that are drawn: enough to see where they are. */
const drawn = 1500;

/** The moons, with the landmarks as they were seeded and as they were learned. */
export function moonFigure({ seed, seeded, learned }: TrialResult): string {
  const { points, labels } = simulateMoons({ points: drawn, seed: 2 * seed });
  const panel = (title: string, landmarks: readonly number[]): string => {
    const atoms = landmarks.length / 2;
    const column = (axis: 0 | 1): number[] => [
      ...Array.from({ length: drawn }, (_, index) => points.data[2 * index + axis]!),
      ...landmarks.slice(axis * atoms, (axis + 1) * atoms),
    ];
    return scatterPlot(column(0), column(1), {
      title,
      series: [...Array.from(labels.data), ...new Array<number>(atoms).fill(2)],
      seriesNames: [{ series: 2, name: 'landmarks' }],
      size: [2, 2, 8],
      width: 520,
      height: 320,
      xRange: [-1.5, 2.5],
      yRange: [-1, 1.5],
    });
  };
  return arrange(
    [[panel('Landmarks as they were drawn', seeded), panel('Landmarks as they were learned', learned)]],
    {
      title: 'Two moons with landmarks, before and after training',
    },
  );
}

/** The objective, epoch by epoch, of every training. */
export function lossFigure(trials: readonly TrialResult[]): string {
  const first = trials.filter(
    ({ training }, index) =>
      trials.findIndex((other) => other.training.landmarks === training.landmarks) === index,
  );
  const curves: Curve[] = first.map(({ losses, training }) => ({
    name: methodOf(training),
    x: losses.map((_, index) => index + 1),
    y: [...losses],
  }));
  return curvePlot(curves, {
    xLabel: 'Epoch',
    yLabel: 'Objective',
    xScale: 'log',
    width: 520,
    height: 300,
  });
}

/** Digits that were not trained on in the embedding, by pairs of its components: the first is nearly the same for all. */
export function embeddingFigure({ embedded: { places, labels } }: TrialResult): string {
  const panel = (first: number, second: number): string =>
    scatterPlot(
      places.map((place) => place[first]!),
      places.map((place) => place[second]!),
      {
        series: labels,
        seriesNames: classes.map((digit, series) => ({ series, name: `${digit}` })),
        xLabel: `Component ${first + 1}`,
        yLabel: `Component ${second + 1}`,
        size: 4,
        width: 480,
        height: 380,
      },
    );
  return arrange([[panel(1, 2), panel(3, 4)]], { title: 'Test digits in the embedding' });
}

/** Landmarks of digits as a PNG file, cluster by cluster. */
export function landmarkSheet({ learned, atomLabels }: TrialResult, columns = 20): Uint8Array {
  const atoms = atomLabels.length;
  const order = Array.from({ length: atoms }, (_, atom) => atom).sort(
    (a, b) => atomLabels[a]! - atomLabels[b]!,
  );
  const cells = order.map((atom) => ({
    picture: image(
      Float32Array.from({ length: side * side }, (_, pixel) =>
        Math.min(1, Math.max(0, learned[pixel * atoms + atom]!)),
      ),
      { height: side, width: side },
    ),
  }));
  const rows = Array.from({ length: Math.ceil(atoms / columns) }, (_, row) =>
    cells.slice(row * columns, (row + 1) * columns),
  );
  return encodePng(imageSheet(rows, { scale: 2, gap: 2 }));
}
