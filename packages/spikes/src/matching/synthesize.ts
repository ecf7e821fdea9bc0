import type { Event } from './pursuit.ts';

/** Adds `sign` · Σ amplitude · template to a signal `[time × channels]`; what reaches beyond it is cut off. */
export function synthesize(
  events: readonly Event[],
  templates: readonly Float32Array[],
  channels: number,
  signal: Float32Array,
  sign: 1 | -1 = 1,
): void {
  for (const { place, unit, amplitude } of events) {
    const template = templates[unit]!;
    const start = place * channels;
    const from = Math.max(0, -start);
    const to = Math.min(template.length, signal.length - start);
    for (let i = from; i < to; i++) signal[start + i]! += sign * amplitude * template[i]!;
  }
}
