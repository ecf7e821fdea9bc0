import { random } from '@unrolled/contracts';
import { recordingFromArray, type SpikeSimulation, simulateSpikes } from '@unrolled/data';
import { bandPass, conditioned } from '@unrolled/spikes';

/** Small enough to be done in seconds, and not easy: spikes of three neurons overlap. */
export const demoSimulation = Object.freeze({
  neurons: 3,
  channels: 4,
  /** Seconds. */
  duration: 60,
  /** Hz. */
  rate: 10_000,
  /** Spikes a second of each neuron. */
  firingRate: 12,
  /** dB */
  snr: 16,
  /** Of a spike, seconds. */
  templateDuration: 0.0015,
});

/** What is learned is longer than a spike, s: the default of `spikes learn`, told nothing of the simulation. */
export const learnedDuration = 0.003;

/** A deflection to the other side is at most this part of the largest one. */
const clearly = 0.75;
/** About one set of waveforms in ten is clear. */
const attempts = 1000;

/**
 * The recording of the demo. Its neurons have one deflection that is clearly the largest, before the band-pass and after
 * it: a spike's time is where that falls, and of two that are nearly equal either may come out larger.
 */
export async function simulateDemo(seed: number): Promise<SpikeSimulation> {
  const generator = random(seed);
  for (let attempt = 1; ; attempt++) {
    const options = { ...demoSimulation, seed: generator.integer(2 ** 32) };
    // A second is enough to see the waveforms: they do not depend on the duration.
    const { templates } = simulateSpikes({ ...options, duration: 1 });
    if (attempt === attempts || (await areClear(templates.data))) return simulateSpikes(options);
  }
}

/** Has every neuron `[time, channels]` one largest deflection, as it is and band-passed? */
async function areClear(templates: Float32Array): Promise<boolean> {
  const { neurons } = demoSimulation;
  const size = templates.length / neurons;
  for (let neuron = 0; neuron < neurons; neuron++) {
    const waveform = templates.subarray(neuron * size, (neuron + 1) * size);
    if (!isClear(waveform) || !isClear(await bandPassed(waveform))) return false;
  }
  return true;
}

function isClear(waveform: Float32Array): boolean {
  const lowest = -Math.min(...waveform);
  const highest = Math.max(...waveform);
  return Math.min(lowest, highest) <= clearly * Math.max(lowest, highest);
}

/** A waveform in silence, seen through the filter that spikes are looked for with. */
async function bandPassed(waveform: Float32Array): Promise<Float32Array> {
  const { channels, rate } = demoSimulation;
  const band = bandPass(learnedDuration, rate);
  const silence = band.half.length * channels;
  const values = new Float32Array(waveform.length + 2 * silence);
  values.set(waveform, silence);
  const each = Array.from({ length: channels }, (_, channel) => channel);
  const plain = {
    rate,
    channels,
    usedChannels: each,
    band,
    offsets: each.map(() => 0),
    noise: each.map(() => 1),
    whitening: each.map((row) => each.map((column) => (row === column ? 1 : 0))),
    whiteningFilter: { half: Float64Array.of(1) },
  };
  const recording = recordingFromArray(values, { rate, channels });
  return conditioned(recording, plain).filtered(0, recording.samples);
}
