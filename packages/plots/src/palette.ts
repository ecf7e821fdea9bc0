/**
 * Colours of series that people with any common colour vision tell apart, after Okabe & Ito (2008), in an order that keeps
 * neighbours far apart. Their blue is lightened, to be seen on dark too; their yellow and black are lost on white or on dark.
 */
export const seriesColors = Object.freeze([
  '#1f83c6', // blue
  '#e69f00', // orange
  '#009e73', // bluish green
  '#cc79a7', // reddish purple
  '#56b4e9', // sky blue
] as const);

/** What is laid over data, or is wrong with them: their vermilion, which is no series' colour. */
export const accentColor = '#d55e00';

/** The colour of series or unit `index`; they come round again after five. */
export function seriesColor(index: number): string {
  return seriesColors[index % seriesColors.length]!;
}

/**
 * The ink of axes and text: a page that a figure stands in sets `--figure-ink`; alone, it is a grey with a contrast of more
 * than 4 to 1 against white and against GitHub's dark background alike.
 */
export const ink = 'var(--figure-ink, #757575)';

/** Steps of a sequential scale from low to high: viridis, perceptually even and safe for colour-blind readers. */
export const sequentialScheme = 'viridis';

/** Steps of a scale around zero: blue, pale, red. */
export const divergingScheme = 'rdbu';
