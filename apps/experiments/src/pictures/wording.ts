import type { Spread } from './scores.ts';

/** "28.97 ± 0.03"; of one value alone, that. */
export const withSpread = ({ mean, deviation }: Spread, digits = 2): string =>
  `${mean.toFixed(digits)}${deviation > 0 ? ` ± ${deviation.toFixed(digits)}` : ''}`;

/** A difference, with its sign. */
export const signed = ({ mean, deviation }: Spread): string =>
  `${mean < 0 ? '−' : '+'}${withSpread({ mean: Math.abs(mean), deviation })}`;
