import { random } from '@unrolled/contracts';
import { universalWeight } from '@unrolled/crsae';
import { closeInitialisation, talkSimulation } from '@unrolled/data';
import { type NdArray, ndArray, transpose } from '@unrolled/formats';
import type { BenchContext } from '../benchmark.ts';

/** What everybody learns from. */
export interface LearningSetting {
  /** `[windows, time, 1]`, from all over the talk's recording: as many as a stochastic method needs. */
  readonly windows: NdArray<'float32'>;
  /** Every eighth of the windows that the recording can be cut into: what a method that looks at all of them is given. */
  readonly eighth: NdArray<'float32'>;
  /** `[time, 1, atoms]`, each 0.4 to 0.5 from a true one. */
  readonly start: NdArray<'float32'>;
  /** `[time, 1, atoms]` */
  readonly truth: NdArray<'float32'>;
  readonly weight: number;
  readonly noiseDeviation: number;
  /** Windows in the order in which they are trained on, all of them in every epoch. */
  readonly order: NdArray<'int32'>;
  readonly batch: number;
  readonly layers: number;
  /** Adam's. */
  readonly rate: number;
  readonly epochs: number;
}

const sizes = {
  full: { count: 320, batch: 32, epochs: 12, duration: 17 * 60 },
  smoke: { count: 8, batch: 4, epochs: 1, duration: 2 },
} as const;

/** How much of the recording `eighth` is a part of. */
export const share = 8;

/** 320 windows of 0.1 s out of the talk's seventeen minutes. */
export async function learningSetting(size: BenchContext['size']): Promise<LearningSetting> {
  const { count, batch, epochs, duration } = sizes[size];
  const length = 1000;
  const { recording, templates, noiseDeviation } = talkSimulation({ seed: 0, duration });
  const draw = random(5);
  const data = new Float32Array(count * length);
  for (let window = 0; window < count; window++) {
    const from = draw.integer(recording.samples - length);
    data.set(await recording.read(from, from + length), window * length);
  }
  const every = share * length;
  const eighths = Math.floor(recording.samples / every);
  const eighth = new Float32Array(eighths * length);
  for (let window = 0; window < eighths; window++)
    eighth.set(await recording.read(window * every, window * every + length), window * length);
  const truth = transpose(templates, [1, 2, 0]);
  const [time, , atoms] = truth.shape as readonly [number, number, number];
  const order = new Int32Array(count * epochs);
  for (let epoch = 0; epoch < epochs; epoch++) order.set(draw.permutation(count), epoch * count);
  const codeLength = length - time + 1;
  return {
    windows: ndArray(data, [count, length, 1]),
    eighth: ndArray(eighth, [eighths, length, 1]),
    start: closeInitialisation(truth, random(1).split('start')),
    truth,
    weight: universalWeight({ noiseDeviation, atoms, codeLength, multiplier: 2 }),
    noiseDeviation,
    order: ndArray(order, [order.length]),
    batch,
    layers: size === 'full' ? 30 : 5,
    rate: 0.01,
    epochs,
  };
}
