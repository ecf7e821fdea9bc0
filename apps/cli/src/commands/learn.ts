import { type Command, Option } from 'commander';
import { duration, units, wholeNumber } from '../arguments.ts';
import type { GlobalOptions } from '../program.ts';
import { addRecordingOptions, type RecordingOptions, recordingFormats } from './recording-options.ts';
import { addSortingOptions, type SortingOptions } from './sorting-options.ts';

export interface LearnOptions extends GlobalOptions, RecordingOptions, SortingOptions {
  readonly units: 'auto' | number;
  /** Seconds. */
  readonly duration: number;
  readonly layers?: number;
  readonly epochs?: number;
  readonly seed: number;
  readonly out: string;
  readonly denoised?: string;
  readonly force?: boolean;
}

const more = `${recordingFormats}

DIR becomes a folder that Phy and SpikeInterface open, with summary.json, the network's parameters and report.html.

Examples:
  $ unrolled spikes learn tetrode.npy --rate 15000 --out sorted
  $ unrolled spikes learn probe.raw --rate 30000 --channels 32 --dtype int16 --units 40 --out sorted
  $ unrolled spikes learn ecg.npy --rate 360 --duration 600ms --out beats`;

export function addLearn(parent: Command): void {
  addSortingOptions(
    addRecordingOptions(
      parent
        .command('learn')
        .description('learn spike templates from a recording, and sort it with them')
        .argument('<file>', 'the recording'),
    ),
  )
    .addOption(new Option('--units <auto|n>', 'how many units to look for').argParser(units).default('auto'))
    .addOption(
      new Option('--duration <time>', 'length of a template').argParser(duration).default(0.003, '3ms'),
    )
    .option('--layers <t>', 'layers of the unrolled network', wholeNumber(1))
    .option('--epochs <e>', 'passes of learning', wholeNumber(1))
    .option('--seed <n>', 'seed of every draw', wholeNumber(0), 0)
    .requiredOption('--out <dir>', 'folder to write')
    .option('--denoised <file>', 'write the reconstructed recording too (.npy, float32)')
    .option('--force', 'replace outputs that unrolled did not write')
    .addHelpText('after', more)
    .action(async (file: string, _options: LearnOptions, command: Command) => {
      const { learn } = await import('../actions/learn.ts');
      await learn(file, command.optsWithGlobals<LearnOptions>());
    });
}
