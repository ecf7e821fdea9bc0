import type { Learned, Sorted } from '@unrolled/spikes';
import { writeLearned } from '../learned.ts';
import { writePhyFolder } from '../phy/write.ts';
import { type CheckedRecording, leftOutOf, phyParamsOf } from '../recording.ts';
import { version } from '../version.ts';
import { figureFile, reportFile, type Summary, sortingFormat, summaryFile, writeSummary } from './summary.ts';

/** Everything that a sorting folder tells. */
export interface SortingResult {
  /** `spikes learn`, as the user said it. */
  readonly command: string;
  readonly options: Summary['options'];
  /** Where the recording lies, as params.py shall say it: absolute, or relative to the folder. */
  readonly recordingPath: string;
  readonly checked: CheckedRecording;
  readonly learned: Learned;
  readonly sorted: Sorted;
  /** Files that lie in the folder already. */
  readonly more?: readonly string[];
}

/** Writes all of a sorting but the report: what Phy opens, the network, the summary. */
export function writeSortingFolder(folder: string, result: SortingResult): Summary {
  const { checked, learned, sorted } = result;
  const files = [
    ...writePhyFolder(folder, sorted, phyParamsOf(checked, result.recordingPath)),
    ...writeLearned(folder, learned),
    ...(result.more ?? []),
    reportFile,
    figureFile,
    summaryFile,
  ];
  const summary = summaryOf(result, files);
  writeSummary(folder, summary);
  return summary;
}

function summaryOf(result: SortingResult, files: string[]): Summary {
  const { command, options, recordingPath, checked, sorted } = result;
  const { recording, rate } = checked;
  const duration = recording.samples / rate;
  const counts = new Int32Array(sorted.peaks.length);
  for (const unit of sorted.units) counts[unit]!++;
  return {
    format: sortingFormat,
    version: 1,
    software: `unrolled ${version}`,
    command,
    recording: {
      path: recordingPath,
      rate,
      samples: recording.samples,
      channels: recording.channels,
      dtype: recording.dtype,
      duration,
      leftOut: leftOutOf(checked, sorted.usedChannels),
    },
    options,
    units: sorted.peaks.map((peak, unit) => ({
      unit,
      spikes: counts[unit]!,
      firingRate: counts[unit]! / duration,
      peak,
    })),
    spikes: sorted.times.length,
    explained: sorted.explained,
    files,
  };
}
