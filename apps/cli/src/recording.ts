import { UnrolledError } from '@unrolled/contracts';
import { checkRecording, openRecording, type Recording } from '@unrolled/data';
import type { RecordingOptions } from './commands/recording-options.ts';
import type { PhyParams } from './phy/params.ts';
import type { Progress } from './progress.ts';

/** A channel that is not sorted, and why. */
export interface LeftOut {
  readonly channel: number;
  readonly reason: string;
}

/** A recording that was looked through from end to end, and can be sorted. */
export interface CheckedRecording {
  readonly recording: Recording;
  /** Hz. */
  readonly rate: number;
  /** Channels that carry no signal. */
  readonly silent: readonly LeftOut[];
}

/** Fewer samples have no shape to learn. */
const shortestTemplate = 4;

/**
 * Opens a recording and refuses what cannot be sorted: a file that is none, an unknown rate, fewer samples than one
 * template, NaN or infinity anywhere. Channels that carry no signal are named.
 *
 * @param templateDuration seconds
 * @param refuseEarly checks that need the header alone, made before all of the file is read
 */
export async function openCheckedRecording(
  file: string,
  options: RecordingOptions,
  templateDuration: number,
  progress: Progress,
  refuseEarly: (recording: Recording, rate: number) => void = () => {},
): Promise<CheckedRecording> {
  const { rate: claimed, channels, dtype } = options;
  const recording = await openRecording(file, { rate: claimed, channels, dtype });
  const { rate, samples } = recording;
  if (rate === undefined) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `--rate: ${file} does not say its sampling rate; give it in Hz, such as --rate 15000`,
    );
  }
  const needed = Math.round(templateDuration * rate);
  if (needed < shortestTemplate) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `--duration: expected a template of at least ${shortestTemplate} samples, ${1000 * templateDuration} ms ` +
        `at ${rate} Hz are ${needed}`,
    );
  }
  if (samples < needed) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${file}: expected at least one template of ${needed} samples (${1000 * templateDuration} ms), found ${samples}`,
    );
  }
  refuseEarly(recording, rate);

  progress.stage('checking');
  const checks = await checkRecording(recording, { onProgress: (fraction) => progress.update(fraction) });
  progress.finish();
  const silent = checks.flatMap(({ constant, minimum }, channel) =>
    constant ? [{ channel, reason: `constant, every sample is ${minimum}` }] : [],
  );
  for (const { channel, reason } of silent) progress.note(`note: channel ${channel} is left out: ${reason}`);
  return { recording, rate, silent };
}

/** The channels that were not sorted: those without signal where the templates were learned, and why that is so. */
export function leftOutOf(
  { recording, silent }: CheckedRecording,
  usedChannels: readonly number[],
): LeftOut[] {
  const reasons = new Map(silent.map(({ channel, reason }) => [channel, reason]));
  return Array.from({ length: recording.channels }, (_, channel) => channel)
    .filter((channel) => !usedChannels.includes(channel))
    .map((channel) => ({
      channel,
      reason: reasons.get(channel) ?? 'no signal where the templates were learned',
    }));
}

const numpyTypes: readonly string[] = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float16',
  'float32',
  'float64',
];

/** How Phy finds the samples of a recording; without a path where its file does not hold them plainly. */
export function phyParamsOf({ recording, rate }: CheckedRecording, absolutePath: string): PhyParams {
  const { channels, dtype, source } = recording;
  const plain = source !== undefined && numpyTypes.includes(dtype);
  return {
    recording: plain ? absolutePath : undefined,
    channels,
    dtype: plain ? dtype : 'float32',
    byteOffset: source?.byteOffset ?? 0,
    rate,
  };
}
