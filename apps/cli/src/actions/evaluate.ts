import { join } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import type { EvaluateOptions } from '../commands/evaluate.ts';
import { describeEvaluation, evaluateSorting, evaluationRecord } from '../evaluation.ts';
import { formatJson } from '../files/json.ts';
import { evaluationFile } from '../output/summary.ts';
import { writeWholeFile } from '../output/temporaries.ts';
import { readSpikes } from '../phy/read.ts';
import { readTruth } from '../truth.ts';

/** `unrolled spikes evaluate`: a table on stdout, and metrics.json in the folder. */
export function evaluate(folder: string, { truth: truthPath, tolerance }: EvaluateOptions): void {
  const found = readSpikes(folder);
  const truth = readTruth(truthPath);
  if (truth.rate !== undefined && truth.rate !== found.rate) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `--truth: ${truthPath} counts samples at ${truth.rate} Hz, ${folder} at ${found.rate} Hz`,
    );
  }
  if (truth.times.length === 0)
    throw new UnrolledError('INVALID_FILE', `--truth: ${truthPath} has no spikes`);
  const evaluation = evaluateSorting(truth, found, found.rate, tolerance);
  writeWholeFile(join(folder, evaluationFile), formatJson(evaluationRecord(truthPath, evaluation)));
  process.stdout.write(`${describeEvaluation(evaluation)}\n`);
}
