import { random } from '@unrolled/contracts';
import type { ReportInput } from '../../src/report/input.ts';

/** What a made-up report has. */
export interface MadeUp {
  readonly units: number;
  readonly channels: number;
  readonly seconds: number;
  /** Mean rate of each unit, Hz. */
  readonly firingRate?: number;
  readonly seed?: number;
}

const rate = 15_000;
const length = 45;
const peakSample = 15;

/** A sorting of a recording that never was, with its truth: templates of one trough over neighbouring channels, Poisson trains. */
export function madeUpReport({ units, channels, seconds, firingRate = 8, seed = 1 }: MadeUp): ReportInput {
  const draw = random(seed);
  const samples = Math.round(seconds * rate);
  const shape = [units, length, channels];
  const template = (unit: number, t: number, channel: number): number => {
    const distance = Math.abs(channel - (unit % channels));
    const wide = 6 + (unit % 5) * 4;
    const trough = -(60 + 15 * (unit % 7)) * Math.exp(-((t - peakSample) ** 2) / wide);
    const after = (12 + 3 * (unit % 4)) * Math.exp(-((t - peakSample - 11) ** 2) / (4 * wide));
    return (trough + after) / (1 + 1.3 * distance);
  };
  const true_ = Float32Array.from({ length: units * length * channels }, (_, index) =>
    template(
      Math.floor(index / (length * channels)),
      Math.floor(index / channels) % length,
      index % channels,
    ),
  );
  const templates = true_.map((value) => value + draw.normal(0, 0.8));
  const spikes: [number, number][] = [];
  for (let unit = 0; unit < units; unit++) {
    for (
      let t = draw.exponential(1 / firingRate);
      t < seconds - 0.01;
      t += 0.0025 + draw.exponential(1 / firingRate)
    ) {
      spikes.push([Math.round(t * rate), unit]);
    }
  }
  spikes.sort(([a], [b]) => a - b);
  const times = Int32Array.from(spikes, ([time]) => time);
  const unitOf = Int32Array.from(spikes, ([, unit]) => unit);
  const amplitudes = Float32Array.from(spikes, () => draw.normal(1, 0.06));

  const snippet = (start: number) => {
    const count = Math.min(0.1 * rate, samples);
    const reconstruction = new Float32Array(count * channels);
    times.forEach((time, spike) => {
      for (let t = 0; t < length; t++) {
        const at = time - peakSample + t - start;
        if (at < 0 || at >= count) continue;
        for (let channel = 0; channel < channels; channel++) {
          reconstruction[at * channels + channel]! +=
            amplitudes[spike]! * templates[(unitOf[spike]! * length + t) * channels + channel]!;
        }
      }
    });
    return { start, reconstruction, trace: reconstruction.map((value) => value + draw.normal(0, 7)) };
  };
  const epochs = Array.from({ length: 8 }, (_, epoch) => epoch + 1);
  return {
    title: 'made-up <recording> & friends',
    recording: {
      path: '/data/made-up.npy',
      unit: 'µV',
      noise: new Array<number>(channels).fill(7),
      leftOut: [],
      facts: { 'Sample type': 'int16', 'Band-pass': '300 Hz to 6 kHz' },
    },
    sorting: {
      rate,
      samples,
      channels,
      usedChannels: Array.from({ length: channels }, (_, channel) => channel),
      templates: { data: templates, shape },
      peaks: Array.from({ length: units }, (_, unit) => ({ channel: unit % channels, sample: peakSample })),
      times,
      units: unitOf,
      amplitudes,
      explained: 0.93,
    },
    snippets: [0, Math.round(samples / 2)].map((start) => snippet(Math.min(start, samples - 0.1 * rate))),
    learning:
      units === 0
        ? []
        : epochs.map((epoch) => ({
            epoch,
            loss: 0.5 + 0.6 * Math.exp(-epoch),
            weights: Array.from({ length: units }, (_, unit) => 3 + unit / 4 - Math.exp(-epoch / (2 + unit))),
            moved: Array.from({ length: units }, (_, unit) => 0.4 * (1 - Math.exp(-epoch / (1 + unit / 3)))),
          })),
    selection: [
      {
        action: 'merge',
        candidates: [3, 5],
        reason: 'same shape (0.98), together 0.1 % of intervals below 2 ms',
      },
    ],
    truth: units === 0 ? undefined : { templates: { data: true_, shape }, times, units: unitOf },
    evaluation: Array.from({ length: units }, (_, unit) => {
      const hits = unitOf.filter((one) => one === unit).length;
      return {
        trueUnit: unit,
        foundUnits: [unit],
        hits,
        misses: 2,
        falsePositives: 1,
        accuracy: hits / (hits + 3),
        precision: hits / (hits + 1),
        recall: hits / (hits + 2),
      };
    }),
    detection:
      units === 0
        ? []
        : ['ours', 'detection + PCA + k-means'].map((name, method) => ({
            name,
            points: Array.from({ length: 30 }, (_, point) => ({
              threshold: point,
              missRate: (point / 29) ** (3 - method),
              falseAlarmRate: (1 - point / 29) ** 6,
            })),
          })),
    settings: { seed: 0, units: 'auto', duration: '3 ms', layers: 30, epochs: 8 },
    timing: [
      { stage: 'learning', seconds: 41.2 },
      { stage: 'sorting', seconds: 12.75 },
    ],
    versions: { unrolled: '0.1.0', node: process.versions.node, tfjs: '4.22.0' },
  };
}
