import { snippet } from '../initial/snippets.ts';
import type { Matched } from '../matching/match-pieces.ts';
import { templatePeak } from '../matching/peak.ts';

/** Samples by which a peak may be off. */
const SLACK = 2;
/** Samples that resampling needs on either side. */
const MARGIN = 8;

/** Spikes of a matching, each with its neighbours taken out. */
export interface CleanedSnippets {
  /** `[time × channels]` each, aligned to a fraction of a sample with the peak at sample `before`. */
  readonly snippets: readonly Float32Array[];
  /** Whose spike each was. */
  readonly units: Int32Array;
  /** When, in samples of all pieces laid end to end. */
  readonly times: Float64Array;
}

/**
 * The waveform of every spike found, with all other spikes subtracted: the residual plus the spike itself. What overlaps
 * blurred in the detected snippets is apart here.
 *
 * @param before sample of a snippet on which its peak falls
 */
export function cleanedSnippets({ bank, events, residuals }: Matched, before: number): CleanedSnippets {
  const { length, channels } = bank;
  const peaks = bank.templates.map((template) => templatePeak(template, channels));
  const snippets: Float32Array[] = [];
  const units: number[] = [];
  const times: number[] = [];
  let pieceStart = 0;
  residuals.forEach((residual, piece) => {
    for (const { place, unit, amplitude } of events[piece]!) {
      const peak = peaks[unit]!;
      const start = place + peak.sample - before - MARGIN;
      const end = start + length + 2 * MARGIN;
      if (start < 0 || end * channels > residual.length) continue;
      const around = residual.slice(start * channels, end * channels);
      const template = bank.templates[unit]!;
      const offset = (place - start) * channels;
      const from = Math.max(0, -offset);
      const to = Math.min(template.length, around.length - offset);
      for (let i = from; i < to; i++) around[offset + i]! += amplitude * template[i]!;

      const height = (time: number) => Math.abs(around[time * channels + peak.channel]!);
      let time = MARGIN + before;
      for (let shift = -SLACK; shift <= SLACK; shift++) {
        if (height(MARGIN + before + shift) > height(time)) time = MARGIN + before + shift;
      }
      snippets.push(snippet(around, channels, { time, channel: peak.channel, value: 0 }, length, before));
      units.push(unit);
      times.push(pieceStart + place + peak.sample);
    }
    pieceStart += residual.length / channels;
  });
  return { snippets, units: Int32Array.from(units), times: Float64Array.from(times) };
}
