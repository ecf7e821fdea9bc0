import type { Random } from '@unrolled/contracts';
import { type NdArray, ndArray } from '@unrolled/formats';
import { drawApart } from './draw-apart.ts';

/** What spike templates are drawn from. */
export interface WaveformOptions {
  readonly neurons: number;
  /** Samples of a template. */
  readonly length: number;
  readonly channels: number;
  /** Sampling rate, Hz. */
  readonly rate: number;
  /** The largest cross-correlation, over all shifts, of two templates. */
  readonly maxCrossCorrelation: number;
}

/**
 * Draws spike templates `[neurons, time, channels]` of norm 1 that look like extracellular action potentials: a trough,
 * with an after-potential behind it and, for most, a positive peak in front of it (as near the axon hillock), each a Gaussian
 * bump; narrow ones of 0.05 ms to broad ones of 0.35 ms. The neuron sits somewhere along a line of electrodes: its
 * spike decays with the distance from them, and becomes broader.
 *
 * @throws where no set with cross-correlations so small is found
 */
export function drawTemplates(options: WaveformOptions, random: Random): NdArray<'float32'> {
  const { neurons, length, channels, maxCrossCorrelation } = options;
  const templates = drawApart(neurons, () => drawTemplate(options, random), {
    channels,
    maxCrossCorrelation,
  });
  const data = new Float32Array(neurons * length * channels);
  templates.forEach((template, neuron) => {
    data.set(template, neuron * length * channels);
  });
  return ndArray(data, [neurons, length, channels]);
}

/** Where each template deflects most: the sample, on whatever channel. */
export function peakSamples({ data, shape }: NdArray<'float32'>): Int32Array {
  const [neurons, length, channels] = shape as readonly [number, number, number];
  return Int32Array.from({ length: neurons }, (_, neuron) => {
    const template = data.subarray(neuron * length * channels, (neuron + 1) * length * channels);
    let peak = 0;
    template.forEach((value, index) => {
      if (Math.abs(value) > Math.abs(template[peak]!)) peak = index;
    });
    return Math.floor(peak / channels);
  });
}

function drawTemplate({ length, channels, rate }: WaveformOptions, random: Random): Float64Array {
  const milliseconds = 1000 / rate;
  const duration = length * milliseconds;
  // No narrower than the sampling shows, no broader than the template holds.
  const narrowest = Math.max(0.05, milliseconds / 2);
  const broadest = Math.max(narrowest, Math.min(0.35, duration / 5));
  const width = narrowest * (broadest / narrowest) ** random.uniform();
  const after = {
    height: random.uniform(0.2, 0.9),
    delay: width * random.uniform(1.6, 3),
    width: width * random.uniform(1, 2),
  };
  const before = {
    height: random.uniform() < 1 / 3 ? 0 : random.uniform(0.2, 0.9),
    delay: -width * random.uniform(1.6, 2.5),
    width: width * random.uniform(0.8, 1.3),
  };
  const position = random.uniform(0, channels - 1);
  const distance = random.uniform(0.4, 1);

  const template = new Float64Array(length * channels);
  for (let channel = 0; channel < channels; channel++) {
    const away = Math.hypot(channel - position, distance) / distance;
    for (let sample = 0; sample < length; sample++) {
      const time = (sample * milliseconds - 0.3 * duration) / (1 + 0.15 * (away - 1));
      const potential =
        after.height * bump(time, after.delay, after.width) +
        before.height * bump(time, before.delay, before.width) -
        bump(time, 0, width);
      template[sample * channels + channel] = (potential * taper(sample, length)) / away ** 2;
    }
  }
  const norm = Math.sqrt(template.reduce((sum, value) => sum + value * value, 0));
  return template.map((value) => value / norm);
}

function bump(time: number, centre: number, width: number): number {
  return Math.exp(-0.5 * ((time - centre) / width) ** 2);
}

/** A cosine over an eighth of the template at either end: it starts and ends near zero. */
function taper(sample: number, length: number): number {
  const slope = Math.max(1, length / 8);
  const inside = Math.min(sample, length - 1 - sample) + 0.5;
  return inside >= slope ? 1 : Math.sin((Math.PI / 2) * (inside / slope)) ** 2;
}
