import type { Command } from 'commander';
import type { GlobalOptions } from '../program.ts';
import { addRecordingOptions, type RecordingOptions, recordingFormats } from './recording-options.ts';
import { addSortingOptions, type SortingOptions } from './sorting-options.ts';

export interface SortOptions extends GlobalOptions, RecordingOptions, SortingOptions {
  readonly templates: string;
  readonly out: string;
  readonly denoised?: string;
  readonly force?: boolean;
}

const more = `${recordingFormats}

Examples:
  $ unrolled spikes sort day2.npy --rate 15000 --templates sorted --out sorted-day2
  $ unrolled spikes sort day2.npy --rate 15000 --templates sorted --out quick --find code --threads 2`;

export function addSort(parent: Command): void {
  addSortingOptions(
    addRecordingOptions(
      parent
        .command('sort')
        .description('sort a recording with templates that were learned before')
        .argument('<file>', 'the recording'),
    ),
  )
    .requiredOption('--templates <dir>', 'folder that learn wrote, of the same rate and channels')
    .requiredOption('--out <dir>', 'folder to write')
    .option('--denoised <file>', 'write the reconstructed recording too (.npy, float32)')
    .option('--force', 'replace outputs that unrolled did not write')
    .addHelpText('after', more)
    .action(async (file: string, _options: SortOptions, command: Command) => {
      const { sort } = await import('../actions/sort.ts');
      await sort(file, command.optsWithGlobals<SortOptions>());
    });
}
