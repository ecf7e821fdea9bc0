import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeTruth, simulateSpikes } from '@unrolled/data';
import { encodeNpy, ndArray } from '@unrolled/formats';
import type { DemoOptions } from '../commands/demo.ts';
import { describeEvaluation, evaluationRecord } from '../evaluation.ts';
import { formatJson } from '../files/json.ts';
import { beginOutputFolder, requireReplaceable } from '../output/folder.ts';
import { evaluationFile, reportFile } from '../output/summary.ts';
import { progressOn } from '../progress.ts';
import { openCheckedRecording } from '../recording.ts';
import { tellingProgress } from './engine-progress.ts';
import { sortInto } from './sort-into.ts';

/** What is simulated: small enough to be done in seconds, and not easy: spikes of three neurons overlap. */
const simulation = { neurons: 3, channels: 4, duration: 60, rate: 10_000, firingRate: 12, snr: 16 };
const templateDuration = 0.003;
const tolerance = 0.0005;

const recordingFile = 'recording.npy';
const truthFile = 'truth.json';

/** `unrolled demo`: the whole way on a recording of which everything is known. */
export async function demo({ out, seed, force, backend }: DemoOptions): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  requireReplaceable(out, { force });
  const { useBackend, learnTemplates } = await import('./engine.ts');
  const { name: backendName } = await useBackend(backend);
  const folder = beginOutputFolder(out, { force });

  const { neurons, channels, duration, rate } = simulation;
  say(
    `Simulating ${duration} s of ${channels} electrodes at ${rate / 1000} kHz: ${neurons} neurons that fire at random, and noise.`,
  );
  const simulated = simulateSpikes({ ...simulation, templateDuration, seed });
  const { truth } = simulated;
  const { samples } = simulated.recording;
  const path = join(folder.path, recordingFile);
  writeFileSync(path, encodeNpy(ndArray(await simulated.recording.read(0, samples), [samples, channels])));
  writeFileSync(join(folder.path, truthFile), encodeTruth(truth));

  const progress = progressOn(process.stderr);
  const checked = await openCheckedRecording(path, { rate }, templateDuration, progress);
  say(`Learning templates from it with an unrolled network (${backendName}), the number of neurons unknown.`);
  const options = { units: 'auto', duration: templateDuration, seed } as const;
  const learned = await learnTemplates(checked.recording, {
    ...options,
    rate,
    onProgress: tellingProgress(progress),
  });
  const { summary, evaluation } = await sortInto(folder.path, {
    command: 'demo',
    options: { ...options, backend: backendName },
    recordingPath: recordingFile,
    checked,
    learned,
    more: [recordingFile, truthFile],
    truth: { spikes: truth, templates: simulated.templates, tolerance },
    progress,
  });
  await checked.recording.close();
  say(`Found ${summary.units.length} units and ${summary.spikes} spikes; ${truth.times.length} are true:`);
  if (evaluation) {
    const record = evaluationRecord(truthFile, evaluation);
    writeFileSync(join(folder.path, evaluationFile), formatJson(record));
    say(`\n${describeEvaluation(evaluation)}\n`);
  }
  folder.publish();
  say('The folder opens in Phy and SpikeInterface; the report opens in a browser:');
  say(join(out, reportFile));
}
