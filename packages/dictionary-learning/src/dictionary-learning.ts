import { toDictionary } from './atoms.ts';
import { learnEpoch } from './epoch.ts';
import type { DictionaryEvent } from './events.ts';
import { type Examples, hostExamples } from './examples.ts';
import { type DictionaryLearningOptions, settingsOf } from './options.ts';
import { beginRun, endRun } from './run.ts';

/**
 * Learns a dictionary, as an async iterator of events: whoever iterates decides what to show, and when to stop.
 *
 *     minimise over D, x_1 … x_P   (1/P) Σ_p ½‖y_p − D x_p‖² + Φ(x_p),   ‖d_j‖ ≤ 1
 *
 * Batch by batch: codes by FISTA to convergence on the device, then atoms in float64 on the host, by the rule of `update`. The last
 * event brings the atoms. A run with a checkpoint goes on from it bit for bit, wherever it was killed. Leaving the loop leaves no
 * tensor behind.
 *
 * @param data examples `[examples, features]`, on the host or a tensor, lent; remove their means first where they have one that
 *   should not be learned
 * @throws NOT_FINITE, INVALID_SHAPE, … before any work; ABORTED; INVALID_FILE where the checkpoint is not one of this run
 * @see Mairal, Bach, Ponce & Sapiro 2009, "Online dictionary learning for sparse coding", (4)
 * @example
 * for await (const event of dictionaryLearning(patches, { atoms: 100, weight: 0.15, epochs: 5 })) {
 *   if (event.type === 'epoch') console.log(event.objective);
 *   if (event.type === 'end') atoms = event.atoms;
 * }
 */
export async function* dictionaryLearning(
  data: Examples,
  options: DictionaryLearningOptions,
): AsyncGenerator<DictionaryEvent, void, void> {
  const settings = settingsOf(options);
  const run = await beginRun(await hostExamples(data), settings);
  try {
    while (run.progress.epoch <= settings.epochs && !run.progress.settled) yield* learnEpoch(run);
    const { epoch, step, settled } = run.progress;
    const reason = settled ? 'tolerance' : 'epochs';
    yield Object.freeze({ type: 'end', reason, epoch: epoch - 1, step, atoms: toDictionary(run.atoms) });
  } finally {
    endRun(run);
  }
}
