import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeTruth } from '@unrolled/data';
import { encodeNpy, ndArray } from '@unrolled/formats';
import type { DemoOptions } from '../commands/demo.ts';
import { describeEvaluation, evaluationRecord } from '../evaluation.ts';
import { formatJson } from '../files/json.ts';
import { beginOutputFolder, requireReplaceable } from '../output/folder.ts';
import { evaluationFile, reportFile } from '../output/summary.ts';
import { progressOn } from '../progress.ts';
import { openCheckedRecording } from '../recording.ts';
import { tellingProgress } from './engine-progress.ts';

/** How far apart two spikes count as one, seconds. */
const tolerance = 0.0005;

const recordingFile = 'recording.npy';
const truthFile = 'truth.json';

/** `unrolled demo`: the whole way on a recording of which everything is known. */
export async function demo({ out, seed, force, backend }: DemoOptions): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  requireReplaceable(out, { force });
  const { demoSimulation, learnedDuration, learnTemplates, simulateDemo, sortInto, useBackend } =
    await import('./engine.ts');
  const { name: backendName } = await useBackend(backend);
  const folder = beginOutputFolder(out, { force });

  const { neurons, channels, duration, rate } = demoSimulation;
  say(
    `Simulating ${duration} s of ${channels} electrodes at ${rate / 1000} kHz: ${neurons} neurons that fire at random, and noise.`,
  );
  const simulated = await simulateDemo(seed);
  const { truth } = simulated;
  const { samples } = simulated.recording;
  const path = join(folder.path, recordingFile);
  writeFileSync(path, encodeNpy(ndArray(await simulated.recording.read(0, samples), [samples, channels])));
  writeFileSync(join(folder.path, truthFile), encodeTruth(truth));

  const progress = progressOn(process.stderr);
  const checked = await openCheckedRecording(path, { rate }, learnedDuration, progress);
  say(`Learning templates from it with an unrolled network (${backendName}), the number of neurons unknown.`);
  const options = { units: 'auto', duration: learnedDuration, seed } as const;
  const learned = await learnTemplates(checked.recording, {
    ...options,
    rate,
    onProgress: tellingProgress(progress),
  });
  const { summary, evaluation } = await sortInto(folder.path, {
    command: 'demo',
    options: { ...options, find: 'pursuit', backend: backendName },
    recordingPath: recordingFile,
    checked,
    learned,
    more: [recordingFile, truthFile],
    truth: { spikes: truth, templates: simulated.templates, tolerance },
    progress,
  });
  await checked.recording.close();
  say(
    `Found ${summary.units.length} units and ${summary.spikes} spikes, where ${neurons} neurons fired ${truth.times.length} times:`,
  );
  if (evaluation) {
    const record = evaluationRecord(truthFile, evaluation);
    writeFileSync(join(folder.path, evaluationFile), formatJson(record));
    say(`\n${describeEvaluation(evaluation)}\n`);
  }
  folder.publish();
  say('The folder opens in Phy and SpikeInterface; the report opens in a browser:');
  say(join(out, reportFile));
}
