import { type Command, Option } from 'commander';
import { duration } from '../arguments.ts';

export interface EvaluateOptions {
  readonly truth: string;
  /** Seconds. */
  readonly tolerance: number;
}

const more = `
DIR and the truth may be folders of any sorter in Phy's layout. A truth file is JSON with sampling_rate_hz and
time_samples (and unit, one an event), or beat_samples.
A unit's accuracy is hits / (hits + misses + false positives).

Example:
  $ unrolled spikes evaluate sorted --truth hybrid_truth.json --tolerance 0.5ms`;

export function addEvaluate(parent: Command): void {
  parent
    .command('evaluate')
    .description('score a sorting against known spikes: prints a table and writes DIR/metrics.json')
    .argument('<dir>', 'the sorting')
    .requiredOption('--truth <file>', 'the known spikes: a JSON file or a folder like DIR')
    .addOption(
      new Option('--tolerance <time>', 'how far apart two spikes count as one')
        .argParser(duration)
        .default(0.0005, '0.5ms'),
    )
    .addHelpText('after', more)
    .action(async (dir: string, options: EvaluateOptions) => {
      const { evaluate } = await import('../actions/evaluate.ts');
      evaluate(dir, options);
    });
}
