import { type Command, Option } from 'commander';
import { rate, wholeNumber } from '../arguments.ts';

/** What a user says of a recording that its file does not say. */
export interface RecordingOptions {
  /** Hz. */
  readonly rate?: number;
  readonly channels?: number;
  readonly dtype?: 'int16' | 'float32';
}

export function addRecordingOptions(command: Command): Command {
  return command
    .option('--rate <hz>', 'sampling rate in Hz; may be left out where the file has one (.wav)', rate)
    .option(
      '--channels <n>',
      'channels of a file that does not say: raw samples, interleaved',
      wholeNumber(1),
    )
    .addOption(new Option('--dtype <type>', 'number type of a raw file').choices(['int16', 'float32']));
}

export const recordingFormats = `
FILE is .npy [time, channels], .wav, .csv (a column a channel), or raw interleaved samples
(.raw, .bin, .dat with --channels and --dtype, little-endian).`;
