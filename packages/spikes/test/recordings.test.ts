import { existsSync, readFileSync } from 'node:fs';
import { useBackend } from '@unrolled/backend';
import { openRecording, parseTruth } from '@unrolled/data';
import { compareSortings } from '@unrolled/metrics';
import { beforeAll, describe, expect, test } from 'vitest';
import { learnTemplates, sortRecording } from '../src/index.ts';

const data = new URL('../../../../shared/data/', import.meta.url);
const present = existsSync(data);
if (!present) console.info('recordings: skipped, ../shared/data is not there');

async function sortFile(name: string, rate: number, duration: number) {
  const recording = await openRecording(new URL(name, data).pathname, { rate });
  try {
    const learned = await learnTemplates(recording, { duration, epochs: 1, layers: 10 });
    return { learned, sorted: await sortRecording(recording, learned) };
  } finally {
    await recording.close();
  }
}

const truthOf = (name: string) => parseTruth(readFileSync(new URL(name, data), 'utf8'));

describe.skipIf(!present)('recordings', () => {
  beforeAll(async () => {
    await useBackend('wasm');
  });

  test('hybrid tetrode: each added neuron with accuracy at least 0.9', { timeout: 300_000 }, async () => {
    const { learned, sorted } = await sortFile('spikes/hybrid_locust_trial01.npy', 15_000, 0.003);
    const truth = truthOf('spikes/hybrid_locust_trial01_truth.json');
    for (const { accuracy } of compareSortings(truth, sorted, { tolerance: 7.5 }))
      expect(accuracy).toBeGreaterThan(0.9);
    for (const { refractoryViolations } of learned.statistics)
      expect(refractoryViolations).toBeLessThan(0.02);
  });

  test('electrocardiogram: the same code finds the beats', { timeout: 300_000 }, async () => {
    const { sorted } = await sortFile('ecg/mitbih_119_MLII_10min.npy', 360, 0.6);
    const truth = truthOf('ecg/mitbih_119_beats.json');
    // 75 ms: a beat is annotated by hand.
    const [beats] = compareSortings(truth, sorted, { tolerance: 27, together: true });
    expect(beats!.accuracy).toBeGreaterThan(0.9);
  });
});
