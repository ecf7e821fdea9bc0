/**
 * Colours of series that people with any common colour vision tell apart (Okabe & Ito 2008), in an order that keeps
 * neighbours far apart. The yellow and the black of the original are left out: one is lost on white, one on dark.
 */
export const seriesColors = Object.freeze([
  '#0072b2', // blue
  '#d55e00', // vermilion
  '#009e73', // bluish green
  '#cc79a7', // reddish purple
  '#56b4e9', // sky blue
  '#e69f00', // orange
] as const);

/** The colour of series or unit `index`; they come round again after six. */
export function seriesColor(index: number): string {
  return seriesColors[index % seriesColors.length]!;
}

/**
 * The ink of axes and text: a page that a figure stands in sets `--figure-ink`; alone, it is a grey with a contrast of more
 * than 4 to 1 against white and against GitHub's dark background alike.
 */
export const ink = 'var(--figure-ink, #757575)';

/** What is wrong: bars below a refractory period, a residual that should not be there. */
export const warningColor = seriesColors[1];

/** Steps of a sequential scale from low to high: viridis, perceptually even and safe for colour-blind readers. */
export const sequentialScheme = 'viridis';

/** Steps of a scale around zero: blue, pale, red. */
export const divergingScheme = 'rdbu';
