import { basename } from 'node:path';
import type { SpikeTruth } from '@unrolled/data';
import { type FloatArray, type ReportInput, sortingReport, summaryFigure } from '@unrolled/spikes';
import type { Evaluation } from '../evaluation.ts';
import type { SortingResult } from '../output/sorting-folder.ts';
import type { StageTime } from '../progress.ts';
import { leftOutOf } from '../recording.ts';
import { version } from '../version.ts';
import { busiestSnippets } from './snippets.ts';

/** What is known of a recording that was simulated, and how well it was found. */
export interface KnownTruth {
  readonly spikes: SpikeTruth;
  /** `[units, time, channels]` */
  readonly templates: FloatArray;
  readonly evaluation: Evaluation;
}

/** A sorting for people: report.html, one file with no outside links, and one picture of it. */
export async function reportOf(
  result: SortingResult,
  timing: readonly StageTime[],
  known?: KnownTruth,
): Promise<{ readonly report: string; readonly figure: string }> {
  const { checked, learned, sorted, options, recordingPath } = result;
  const { recording } = checked;
  const input: ReportInput = {
    title: basename(recordingPath),
    recording: {
      path: recordingPath,
      noise: noiseOfAll(learned.frontEnd.usedChannels, learned.frontEnd.noise, recording.channels),
      leftOut: leftOutOf(checked, sorted.usedChannels),
      facts: { 'Sample type': recording.dtype },
    },
    sorting: sorted,
    snippets: await busiestSnippets(recording, learned, sorted),
    learning: learned.history,
    selection: learned.selection,
    truth: known && { ...known.spikes, templates: known.templates },
    evaluation: known?.evaluation.units,
    settings: readable(options),
    timing,
    versions: { unrolled: version, node: process.versions.node },
  };
  return { report: sortingReport(input), figure: summaryFigure(input) };
}

/** Options as people write them: a duration has its unit. */
function readable({ duration, ...others }: SortingResult['options']): SortingResult['options'] {
  return duration === undefined ? others : { duration: `${1000 * Number(duration)} ms`, ...others };
}

/** One number a channel of the recording; a channel that is left out has no noise. */
function noiseOfAll(usedChannels: readonly number[], noise: readonly number[], channels: number): number[] {
  const all = new Array<number>(channels).fill(0);
  usedChannels.forEach((channel, place) => {
    all[channel] = noise[place]!;
  });
  return all;
}
