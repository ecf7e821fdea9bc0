import { refuse, requireInteger, requireKnownOptions, requireShape } from '@unrolled/contracts';
import { imageGrid } from '@unrolled/plots';
import type { HostExamples } from '@unrolled/unroll';

/** A picture, and the weights with which examples make it up. */
export interface Made {
  /** `[height · width]`: an atom, a reconstruction, a test example. */
  readonly picture: ArrayLike<number>;
  /** One number an example: `atomWeights(j)` or `reconstructionWeights(z)`. */
  readonly weights: ArrayLike<number>;
}

/** Options of {@link contributionSheet}. */
export interface ContributionSheetOptions {
  /** Examples beside every picture. Default 7. */
  readonly count?: number;
  readonly title?: string;
  /** In pixels. Default 480. */
  readonly width?: number;
}

/**
 * A sheet that shows what pictures are made of: in every row a picture, then the examples of the largest weights by magnitude, the
 * heaviest first, each times the sign of its weight.
 *
 * @param examples `[examples, height, width]`
 * @returns an SVG picture
 * @throws INVALID_SHAPE where the pictures, weights and examples do not fit together
 * @example
 * const { atomWeights } = representer(codes, digits);
 * const sheet = contributionSheet([0, 1, 2].map((atom) => ({ picture: atomOf(atom), weights: atomWeights(atom) })), digits);
 */
export function contributionSheet(
  rows: readonly Made[],
  examples: HostExamples,
  options: ContributionSheetOptions = {},
): string {
  requireKnownOptions('contributionSheet', options, ['count', 'title', 'width']);
  const { count: asked = 7, ...figure } = options;
  requireShape('examples', examples?.shape ?? [], [-1, -1, -1], 'pictures [examples, height, width]');
  if (!Array.isArray(rows) || rows.length === 0) refuse('rows', rows, 'at least one picture');
  const [total, height, width] = examples.shape as [number, number, number];
  const count = Math.min(requireInteger('count', asked), total);
  const size = height * width;
  const pictures = rows.flatMap(({ picture, weights }, row): number[][] => {
    requireShape(`rows[${row}].picture`, [picture.length], [size], 'a picture like the examples');
    requireShape(`rows[${row}].weights`, [weights.length], [total], 'one weight an example');
    const heaviest = Array.from({ length: total }, (_, index) => index)
      .sort((a, b) => Math.abs(weights[b]!) - Math.abs(weights[a]!))
      .slice(0, count);
    return [
      Array.from(picture),
      ...heaviest.map((example) =>
        Array.from(
          examples.data.subarray(example * size, (example + 1) * size),
          (value) => value * Math.sign(weights[example]!),
        ),
      ),
    ];
  });
  return imageGrid(
    { data: pictures.flat(), shape: [pictures.length, height, width] },
    { columns: count + 1, ...figure },
  );
}
