import type { TemplatePeak } from '../sorting.ts';

/** The largest deflection of a template `[time × channels]`. */
export function templatePeak(template: ArrayLike<number>, channels: number): TemplatePeak {
  let best = 0;
  for (let i = 1; i < template.length; i++) if (Math.abs(template[i]!) > Math.abs(template[best]!)) best = i;
  return { channel: best % channels, sample: Math.floor(best / channels) };
}
